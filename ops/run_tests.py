"""Run every test: on SQLite, on PostgreSQL and in a real browser; name what could not run.

Exit code 0 when all that ran passed. With CI set in the environment, a suite that could not
run, or of which no test passed, counts as failed.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET


@dataclass(frozen=True)
class Suite:
    """A part of the tests, and the Debian packages without which it cannot run."""

    name: str
    arguments: tuple[str, ...]
    packages: tuple[str, ...] = ()


ON_EVERY_CORE = "--numprocesses=auto"
# The tests of a file share what is made once for all of them: they go to the same process.
APART = ("-m", "not browser", ON_EVERY_CORE, "--dist=loadfile")
SUITES = (
    Suite("SQLite", APART),
    Suite("PostgreSQL", (*APART, "--database=postgresql"), ("postgresql",)),
    Suite("Browser", ("tests/browser", ON_EVERY_CORE), ("chromium", "libatomic1")),
)


def is_installed(package: str) -> bool:
    """Whether the machine has what this Debian package brings."""
    if package == "postgresql":
        found = any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        return found or shutil.which("initdb") is not None
    if package == "libatomic1":
        try:
            ctypes.CDLL("libatomic.so.1")
        except OSError:
            return False
        return True
    return shutil.which(package) is not None


def outcomes(report: Path) -> Counter[str]:
    """How many tests of a JUnit report passed, failed, were skipped or broke."""
    if not report.exists():
        return Counter()
    words = {"failure": "failed", "error": "errors", "skipped": "skipped"}
    # The file was written a moment ago by pytest, on this machine.
    cases = ET.parse(report).iter("testcase")  # noqa: S314
    return Counter(
        next((words[part.tag] for part in case if part.tag in words), "passed") for case in cases
    )


def in_words(count: Counter[str]) -> str:
    """Say it as pytest does: ``3 failed, 40 passed``."""
    order = ("failed", "errors", "passed", "skipped")
    return ", ".join(f"{count[word]} {word}" for word in order if count[word]) or "no tests ran"


def run(suite: Suite) -> tuple[bool, Counter[str]]:
    """Run one suite with its output on the screen; give whether all is well, and the counts."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        command = [sys.executable, "-m", "pytest", *suite.arguments, f"--junit-xml={report}"]
        finished = subprocess.run(command, check=False)
        count = outcomes(report)
    return finished.returncode == 0 and count["passed"] > 0, count


def main() -> int:
    """Run the suites one after the other; the last line sums them up."""
    start, total, lines, all_well = time.monotonic(), Counter[str](), [], True
    for suite in SUITES:
        print(f"\n{suite.name}", flush=True)
        missing = [package for package in suite.packages if not is_installed(package)]
        if missing:
            lines.append(f"{suite.name}: SKIPPED, not installed: {' '.join(missing)}")
            all_well = all_well and not os.environ.get("CI")
            continue
        well, count = run(suite)
        lines.append(f"{suite.name}: {in_words(count)}{'' if well else ' - FAILED'}")
        total += count
        all_well = all_well and well
    print("", *lines, sep="\n")
    print(f"===== {in_words(total)} in {time.monotonic() - start:.2f}s =====")
    return 0 if all_well else 1


if __name__ == "__main__":
    sys.exit(main())
