"""Put faults into a copy of the code, one at a time, and count those that the tests find.

Method: `drills/faults/*.toml` names each fault, the text that it replaces, and the tests of the
room that has to notice. The checkout is copied; for every fault its text is put in, its tests are
run until one fails, the text is put back, and the same tests must pass again. Found is a fault of
which a test failed; tests that could not even be collected count as not found. Exit code 1 when
less than 95 of 100 are found. Rooms to try may be named: `python -m drills.mutations accounts web`.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
BAR = 0.95
LONGEST = 900  # seconds for the tests of one fault
PASSED, FAILED = 0, 1  # what pytest answers


@dataclass(frozen=True)
class Fault:
    """A text of a file, what stands there instead, and the tests that have to find it."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


def read(rooms: list[str]) -> list[Fault]:
    """Read the faults of some rooms, or of all."""
    files = sorted((HERE / "faults").glob("*.toml"))
    return [
        Fault(**{**one, "tests": tuple(one["tests"])})
        for file in files
        if not rooms or file.stem in rooms
        for one in tomllib.loads(file.read_text(encoding="utf-8"))["fault"]
    ]


def copied(to: Path) -> Path:
    """Copy the checkout without what was made by tools and by running."""
    away = shutil.ignore_patterns(
        ".git", ".venv*", "node_modules", "data", "__pycache__", ".*_cache"
    )
    shutil.copytree(HERE.parent, to, ignore=away)
    return to


def tried(tree: Path, tests: tuple[str, ...], scratch: Path) -> int:
    """Run tests until one fails; give pytest's answer."""
    options = ["-x", "-q", "-p", "no:cacheprovider", f"--basetemp={scratch}"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *tests],
        cwd=tree,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        timeout=LONGEST,
    )
    return done.returncode


def put(file: Path, text: str, moment: float) -> None:
    """Write a file as if at another moment, so that nothing compiled before is taken for it."""
    file.write_text(text, encoding="utf-8")
    os.utime(file, (moment, moment))


def answer_to(tree: Path, fault: Fault, scratch: Path) -> int:
    """Put a fault in, run its tests, put the text back; give pytest's answer."""
    file, begun = tree / fault.file, time.time()
    text = file.read_text(encoding="utf-8")
    if text.count(fault.old) != 1:
        raise ValueError(f"{fault.name}: its text stands {text.count(fault.old)} times")
    try:
        put(file, text.replace(fault.old, fault.new), begun + 1)
        return tried(tree, fault.tests, scratch)
    finally:
        put(file, text, begun + 2)


def is_found(tree: Path, fault: Fault, scratch: Path, passing: set[tuple[str, ...]]) -> bool:
    """Say whether the tests of a fault find it, and pass without it (asked once for each list)."""
    begun = time.monotonic()
    word = {PASSED: "NOT FOUND", FAILED: "found"}.get(answer_to(tree, fault, scratch), "BROKEN")
    if word == "found" and fault.tests not in passing:
        if tried(tree, fault.tests, scratch) == PASSED:
            passing.add(fault.tests)
        else:
            word = "FAILS WITHOUT IT"
    print(f"{word:10} {time.monotonic() - begun:5.0f} s  {fault.name}", flush=True)
    return word == "found"


def main() -> int:
    """Try every fault; print those that no test found."""
    faults = read(sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        tree, scratch = copied(Path(folder, "tree")), Path(folder, "scratch")
        passing: set[tuple[str, ...]] = set()
        missed = [one.name for one in faults if not is_found(tree, one, scratch, passing)]
    found = len(faults) - len(missed)
    print(f"{found} of {len(faults)} found; not found: {', '.join(missed) or 'none'}")
    return 0 if found >= BAR * len(faults) else 1


if __name__ == "__main__":
    sys.exit(main())
