"""Every test that the documents name exists, and no requirement of ASVS is left out."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ASVS = (ROOT / "docs/asvs.md").read_text(encoding="utf-8")
FOLDERS = "accreditation|certificates|workflows|templates|tests|drills|ops|docs"

# Of each section of ASVS 5.0.0, how many requirements are of level 1 or 2; they come first.
_COUNTS = """
1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1
4.3:2 4.4:4 5.1:1 5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2
7.4:5 7.5:2 7.6:2 8.1:2 8.2:3 8.3:1 8.4:1 9.1:3 9.2:4 10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2
10.7:3 11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1 12.1:3 12.2:2 12.3:4 13.1:1 13.2:5 13.3:2
13.4:5 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7 16.1:1 16.2:5 16.3:4 16.4:3 16.5:3 17.1:1
17.2:4 17.3:2
"""
COUNTS = {section: int(most) for section, most in (one.split(":") for one in _COUNTS.split())}
ROWS = re.findall(r"^\| ([\d.]+) \| ([12]) \| (.+?) \| (.+) \|$", ASVS, re.MULTILINE)


def _not_here() -> set[str]:
    found = set()
    for line in re.findall(r"^Not here: (.+?)\.$", ASVS, re.MULTILINE | re.DOTALL):
        found |= set(re.findall(r"\d+\.\d+\.\d+", line))
        for first, last in re.findall(r"([\d.]+) to ([\d.]+)", line):
            section, _, begin = first.rpartition(".")
            end = int(last.rpartition(".")[2])
            found |= {f"{section}.{number}" for number in range(int(begin), end + 1)}
    return found


def test_every_requirement_is_answered_once() -> None:
    asked = {f"{section}.{one + 1}" for section, most in COUNTS.items() for one in range(most)}
    answered = [row[0] for row in ROWS]
    assert len(asked) == 253
    assert len(answered) == len(set(answered))
    assert set(answered) & _not_here() == set()
    assert set(answered) | _not_here() == asked


def test_level_1_has_no_exception_and_level_2_few() -> None:
    exceptions = {number: level for number, level, _asked, held in ROWS if "**Exception" in held}
    assert set(exceptions.values()) == {"2"}
    assert len(exceptions) <= 5
    listed = re.search(r"five exceptions\*\*, marked “Exception” below: ([\d., \n]+)\.", ASVS)
    assert listed
    assert set(re.findall(r"[\d.]+\d", listed[1])) == set(exceptions)


def test_every_requirement_says_what_holds_it() -> None:
    silent = [number for number, _level, _asked, held in ROWS if len(held) < 8]
    assert silent == []


@pytest.mark.parametrize("document", ["docs/asvs.md", "docs/promises.md", "SECURITY.md"])
def test_every_path_that_is_named_exists(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    named = set(re.findall(rf"`((?:{FOLDERS})/[\w./*-]+)`", text))
    assert named
    assert sorted(one for one in named if not list(ROOT.glob(one.rstrip("/")))) == []


def test_tests_that_are_named_by_their_file_alone_exist_too() -> None:
    """`tests/web/auth/test_links.py`, `test_second.py`: the second lies somewhere under tests."""
    text = (ROOT / "docs/promises.md").read_text(encoding="utf-8")
    known = {file.name for file in (ROOT / "tests").rglob("test_*.py")}
    assert {one for one in re.findall(r"`(test_\w+\.py)`", text) if one not in known} == set()


def test_rules_that_are_named_exist() -> None:
    rules = {
        name
        for file in (ROOT / "ops/semgrep/rules").glob("*.yml")
        for name in re.findall(r"- id: (\S+)", file.read_text(encoding="utf-8"))
    }
    named = {
        one
        for part in re.findall(r"[Rr]ules? (`[a-z-]+`(?:(?:, | and )`[a-z-]+`)*)", ASVS)
        for one in re.findall(r"`([a-z-]+)`", part)
    }
    assert len(named) > 10
    assert named <= rules
