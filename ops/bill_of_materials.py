"""Write the bill of materials of a release (CycloneDX 1.6, JSON) and compare it with what is there.

Usage: ``python -m ops.bill_of_materials WHEEL FILE``. The wheel and its locked packages go into an
environment of their own, which is then listed. Exit code 1 when the list and the environment
differ, or the environment and the lock.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from ops.check_wheel import LOCK, install

TOOL = Path(".venv-checks/bin/cyclonedx-py")
OURS = "accreditation"
LONGEST = 300  # seconds
LISTING = (
    "import importlib.metadata as m; print(*(d.name + '==' + d.version for d in m.distributions()))"
)


def plain(name: str) -> str:
    """Write a package's name as all tools compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def listed(bill: Path) -> dict[str, str]:
    """Read the components of a bill with their versions; the site itself among them."""
    content = json.loads(bill.read_text(encoding="utf-8"))
    everything = [*content["components"], content["metadata"]["component"]]
    return {plain(one["name"]): one["version"] for one in everything}


def installed(python: Path) -> dict[str, str]:
    """Ask an environment what is installed in it."""
    asked: list[str | Path] = [python, "-I", "-c", LISTING]
    told = subprocess.run(asked, stdout=subprocess.PIPE, text=True, check=True, timeout=LONGEST)
    pairs = (one.split("==") for one in told.stdout.split())
    return {plain(name): version for name, version in pairs}


def locked() -> set[str]:
    """Name what the lock names, for any system."""
    found = re.findall(
        r"^([A-Za-z0-9._-]+)(?:\[.*?\])?==", LOCK.read_text(encoding="utf-8"), re.MULTILINE
    )
    return {plain(name) for name in found}


def write(python: Path, bill: Path) -> None:
    """Let the tool list an environment; same environment, same bytes."""
    options = ["--spec-version", "1.6", "--output-format", "JSON", "--output-reproducible"]
    project = ["--pyproject", "pyproject.toml", "--mc-type", "application"]
    command: list[str | Path] = [TOOL, "environment", *options, *project]
    command += ["--output-file", bill, python]
    subprocess.run(command, check=True, timeout=LONGEST)


def main() -> int:
    """Write the bill; print what differs, or how much it lists."""
    wheel, bill = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as name:
        python = install(wheel, Path(name)).with_name("python")
        write(python, bill)
        there, told = installed(python), listed(bill)
    differing = sorted(there.items() ^ told.items())
    strange = sorted(set(there) - locked() - {OURS})
    for package, version in differing:
        print(f"{package} {version}: only {'installed' if package in there else 'listed'}")
    for package in strange:
        print(f"{package}: not in the lock")
    print(f"{len(told)} components listed, {len(there)} installed")
    return 1 if differing or strange else 0


if __name__ == "__main__":
    sys.exit(main())
