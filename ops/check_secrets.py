"""Look for keys and passwords in every file of the repository; none may be new.

`.secrets.baseline` lists what looks like a secret and was looked at: a hash of a library, an
example in a manual. Exit code 1 names what is not in it, or was never judged. Words called
"password" are looked for outside the tests only, whose people are all made up.

To add one after looking at it: `.venv-checks/bin/detect-secrets scan --no-verify --baseline
.secrets.baseline`, then `.venv-checks/bin/detect-secrets audit .secrets.baseline`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

TOOL = Path(".venv-checks/bin/detect-secrets")
BASELINE = Path(".secrets.baseline")
LONGEST = 300  # seconds
MADE_UP = ("tests/", "drills/")
HASHES = r"^\.secrets\.baseline$|\.lock$|^package-lock\.json$"  # nothing but hashes

Place = tuple[str, str, str]  # the file, the kind, the hash of what was found


def places(found: dict[str, list[dict[str, Any]]]) -> dict[Place, int]:
    """Name each finding by what it is, with the line, which every edit moves."""
    return {
        (file, one["type"], one["hashed_secret"]): one["line_number"]
        for file in found
        for one in found[file]
        if not (file.startswith(MADE_UP) and one["type"] == "Secret Keyword")
    }


def scanned() -> dict[str, list[dict[str, Any]]]:
    """Scan all files that git knows, without asking any service about what is found."""
    done = subprocess.run(
        [TOOL, "scan", "--no-verify", "--exclude-files", HASHES],
        stdout=subprocess.PIPE,
        check=True,
        timeout=LONGEST,
    )
    found: dict[str, list[dict[str, Any]]] = json.loads(done.stdout)["results"]
    return found


def main() -> int:
    """Print what is new or not judged; 0 when there is nothing."""
    known = json.loads(BASELINE.read_text(encoding="utf-8"))["results"]
    unjudged = [
        f"{file}: {one['type']}, judged as no secret? It is not said."
        for file in sorted(known)
        for one in known[file]
        if one.get("is_secret") is not False
    ]
    found, judged = places(scanned()), places(known)
    new = [
        f"{file}:{line}: {kind}"
        for (file, kind, text), line in sorted(found.items())
        if (file, kind, text) not in judged
    ]
    print(*new, *unjudged, sep="\n", end="\n" if new or unjudged else "")
    if not new and not unjudged:
        print(f"No secrets; {len(found)} places that look like one were judged.")
    return 1 if new or unjudged else 0


if __name__ == "__main__":
    sys.exit(main())
