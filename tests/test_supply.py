"""What we take from others: few things, each for a reason, each pinned by version and hash."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PROJECT = tomllib.loads(PYPROJECT)["project"]
LOCKS = sorted(ROOT.glob("requirements*.lock"))

# Below these lies a known hole or a missing guard.
AT_LEAST = {
    "authlib": "1.6.4",  # took tokens whose critical headers it did not know
    "flask": "3.1.1",  # former keys signed in the wrong order
    "gunicorn": "23.0.0",  # requests could be smuggled
    "pillow": "11.3.0",  # a picture could write past its memory
    "requests": "2.32.4",  # could send a password to another host
    "urllib3": "2.5.0",  # followed redirects when told not to
    "weasyprint": "69.0",  # fetched more than it was allowed to
    "werkzeug": "3.0.6",  # forms without end
}


def _locked(lock: Path) -> dict[str, tuple[str, int]]:
    """Read a lock: each package with its version and the number of its hashes."""
    entries = re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8"))
    named = (re.match(r"([a-z0-9][a-z0-9._-]*)(?:\[.*?\])?==([^\s;\\]+)", one) for one in entries)
    return {
        found[1]: (found[2], entry.count("--hash=sha256:"))
        for found, entry in zip(named, entries, strict=True)
        if found
    }


def _direct(names: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(one).name) for one in names}


def test_there_are_few_direct_dependencies() -> None:
    assert len(PROJECT["dependencies"]) <= 40


def test_each_has_its_reason_beside_it() -> None:
    groups = PROJECT["optional-dependencies"]
    named = [*PROJECT["dependencies"], *(name for group in groups.values() for name in group)]
    given = re.findall(r'^ +"([^"]+)",  # \w', PYPROJECT, re.MULTILINE)
    assert [name for name in named if name not in given] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_package_is_pinned_with_its_hashes(lock: Path) -> None:
    lines = lock.read_text(encoding="utf-8").splitlines()
    packages = [line for line in lines if re.match(r"[a-zA-Z0-9]", line)]
    locked = _locked(lock)
    assert packages
    assert {re.split(r"[\[=]", line)[0] for line in packages} == set(locked)
    assert [name for name, (_version, hashes) in locked.items() if not hashes] == []


def test_what_we_name_is_what_is_locked() -> None:
    locked = set(_locked(ROOT / "requirements.lock"))
    assert _direct(PROJECT["dependencies"]) <= locked
    dev = set(_locked(ROOT / "requirements-dev.lock"))
    assert locked | _direct(PROJECT["optional-dependencies"]["dev"]) <= dev


def test_both_locks_name_the_same_versions() -> None:
    run, dev = _locked(ROOT / "requirements.lock"), _locked(ROOT / "requirements-dev.lock")
    assert {name: run[name][0] for name in run} == {name: dev[name][0] for name in run}


def test_known_holes_are_closed() -> None:
    locked = _locked(ROOT / "requirements.lock")
    old = {name for name, least in AT_LEAST.items() if Version(locked[name][0]) < Version(least)}
    assert old == set()


def test_nothing_is_installed_without_its_hash() -> None:
    """The one line without asks for no package: it puts the checkout itself on the path."""
    joined = (ROOT / "ops/setup").read_text(encoding="utf-8").replace("\\\n", " ")
    calls = [line for line in joined.splitlines() if re.search(r"pip (install|sync)\b", line)]
    free = [line for line in calls if "--require-hashes" not in line]
    assert len(calls) == 5
    assert [line.split()[-1] for line in free] == ["."]
    assert all("--no-deps" in line and "--offline" in line for line in free)
