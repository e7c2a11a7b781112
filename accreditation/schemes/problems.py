"""What is wrong with a scheme file: where it stands and what it means, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from accreditation.schemes.messages import word

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong at a path of the file, not yet in words."""

    kind: str
    path: Path = ()
    line: int | None = None  # where the path alone does not tell, as in a broken file
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, ready to be read. Line 0 means the file as a whole.

    Positions in `path` count from 1, as people count.
    """

    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (place, self.path, self.message) if part)


class SchemeError(Exception):
    """Every problem of one or several scheme files; its text has one line for each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def in_words(finding: Finding, file: str, lines: dict[Path, int], language: str) -> Problem:
    """Word a finding in `language`; its line is that of the nearest part that the file has."""
    return Problem(
        file=file,
        line=_line(finding.path, lines) if finding.line is None else finding.line,
        path=" → ".join(str(step + 1) if isinstance(step, int) else step for step in finding.path),
        message=word(finding.kind, finding.facts, language),
    )


def _line(path: Path, lines: dict[Path, int]) -> int:
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 0)
