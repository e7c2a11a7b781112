"""Values put together by chance in every form and page, counted (promise W19).

    python -m drills.random_values [OF_EACH]

Method: the tests of `tests/attacks/test_random_values.py`, with so many values (500) for each form
and page instead of 40 for each room, and others each time. Whatever is sent is undone. An answer of
500 or more, one that takes two seconds of work or one that holds a trace ends the drill, shortened
to the least that shows it. Exits 0 only when there was none.
"""

import os
import subprocess
import sys


def main() -> int:
    """Run the tests with more examples."""
    of_each = sys.argv[1] if len(sys.argv) > 1 else "500"
    tests = "tests/attacks/test_random_values.py"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", tests]
    environment = {**os.environ, "EXAMPLES_OF_EACH": of_each}
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
