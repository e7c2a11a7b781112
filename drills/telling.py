"""What a drill says of faults under which people wrote."""

from tests.faults.killing import Outcome


def told(found: Outcome) -> int:
    """Print what came of it; gives the exit code: 0 only when all of it held."""
    back = sorted(found.back_after)
    print(f"{found.kills} times, {found.acknowledged} acknowledged, {found.retries} sent again")
    print(f"lost: {found.lost or 'nothing'}, doubled: {found.doubled or 'nothing'}")
    print(f"half done: {found.broken or 'nothing'}")
    print(f"back after {back[len(back) // 2]:.1f} s (median), {back[-1]:.1f} s (longest)")
    for error in found.failed:
        print(f"failed: {type(error).__name__}: {error}")
    return not found.is_good
