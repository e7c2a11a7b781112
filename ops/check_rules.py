"""Run our semgrep rules over their examples: each finds what it must, and nothing else.

`ops/semgrep/examples/<rule>/hit.*` holds a line for each way in which the rule can be broken,
marked "hit"; `ok.*` beside it does the same thing rightly. Exit code 1 names what was missed, what
was found by mistake, and the rules without examples.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

SEMGREP = Path(".venv-checks/bin/semgrep")
RULES, EXAMPLES = Path("ops/semgrep/rules"), Path("ops/semgrep/examples")
LONGEST = 300  # seconds

Place = tuple[str, str, int]  # the rule, the file, the line


def stated() -> set[str]:
    """List the rules by name."""
    files = (file.read_text(encoding="utf-8") for file in sorted(RULES.glob("*.yml")))
    return {name for text in files for name in re.findall(r"^  - id: (\S+)$", text, re.MULTILINE)}


def wanted() -> set[Place]:
    """List the lines that are marked, each for the rule of its folder."""
    return {
        (file.parent.name, str(file), number)
        for file in EXAMPLES.glob("*/hit.*")
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(r"(#|<!--) hit\b", line)
    }


def found() -> set[Place]:
    """Let semgrep look, without network, and list what each rule finds in its own folder."""
    command: list[str | Path] = [
        SEMGREP,
        "scan",
        "--json",
        "--quiet",
        "--strict",
        "--no-git-ignore",
    ]
    settings = ["--timeout=0", "--metrics=off", "--disable-version-check", "--disable-nosem"]
    done = subprocess.run(
        [*command, *settings, "--config", RULES, EXAMPLES],
        stdout=subprocess.PIPE,
        check=True,
        timeout=LONGEST,
    )
    places = (
        (one["check_id"].rpartition(".")[2], one["path"], one["start"]["line"])
        for one in json.loads(done.stdout)["results"]
    )
    return {place for place in places if place[0] == Path(place[1]).parent.name}


def faults() -> list[str]:
    """Say in sentences what is wrong with the rules."""
    rules, marked, seen = stated(), wanted(), found()
    shown = {folder.name for folder in EXAMPLES.iterdir() if list(folder.glob("ok.*"))}
    return [
        *(f"{rule}: nothing that it must hit" for rule in rules - {one[0] for one in marked}),
        *(f"{rule}: nothing that it must leave alone" for rule in rules - shown),
        *(f"{rule}: an example of no rule" for rule in shown - rules),
        *(f"{rule}: misses {file}:{line}" for rule, file, line in marked - seen),
        *(f"{rule}: hits {file}:{line} by mistake" for rule, file, line in seen - marked),
    ]


def main() -> int:
    """Print what is wrong, or how much was tried."""
    wrong = sorted(faults())
    print(*wrong, sep="\n", end="\n" if wrong else "")
    if not wrong:
        print(f"{len(stated())} rules find all {len(wanted())} marked lines and no other.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
