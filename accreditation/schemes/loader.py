"""Scheme files in, checked schemes out; every problem of a file at once, each with its line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path as FilePath

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from accreditation.schemes.model import ONE_SHARE, SHARE_EACH, Scheme
from accreditation.schemes.problems import Finding, Path, Problem, SchemeError, in_words
from accreditation.schemes.reader import LARGEST, Tree, read
from accreditation.schemes.references import check

_NOT_IN_THE_FILE = {ONE_SHARE, SHARE_EACH, "[key]"}  # steps that the validation library adds


@dataclass(frozen=True, slots=True)
class LoadedScheme:
    """A scheme together with the very text it was read from."""

    scheme: Scheme
    text: str
    sha256: str
    source: str


def load_scheme(text: str, source: str, language: str = "en") -> Scheme:
    """Read one scheme file; `source` is its name in messages.

    SchemeError with every problem, worded in `language` ("en" or "ja") and ordered by line.
    """
    tree = read(text)
    scheme, wrong_values = _validate(tree)
    findings = [*tree.findings, *check(tree.data, tree.lines), *wrong_values]
    if findings or scheme is None:
        problems = (in_words(finding, source, tree.lines, language) for finding in findings)
        raise SchemeError(sorted(problems, key=lambda problem: problem.line))
    return scheme


def load_folder(folder: FilePath, language: str = "en") -> tuple[LoadedScheme, ...]:
    """Read every `*.yaml` file of a folder, in the order of their names.

    SchemeError with the problems of all files; also when there is no file, or when two files
    hold the same version of a scheme.
    """
    problems: list[Problem] = []
    loaded: list[LoadedScheme] = []
    for file in sorted(folder.glob("*.yaml")):
        try:
            loaded.append(load_file(file, language))
        except SchemeError as error:
            problems.extend(error.problems)
    problems.extend(_same_version(loaded, language))
    if not loaded and not problems:
        problems.append(in_words(Finding("no_files"), str(folder), {}, language))
    if problems:
        raise SchemeError(problems)
    return tuple(loaded)


def load_file(file: FilePath, language: str = "en") -> LoadedScheme:
    """Read one scheme file; SchemeError as in `load_scheme`, OSError when it cannot be opened."""
    with file.open("rb") as stream:
        content = stream.read(LARGEST + 1)
    try:
        text = content.decode("utf-8-sig", "strict" if len(content) <= LARGEST else "replace")
    except UnicodeDecodeError as error:
        finding = Finding("not_utf8", line=content.count(b"\n", 0, error.start) + 1)
        raise SchemeError([in_words(finding, file.name, {}, language)]) from None
    scheme = load_scheme(text, file.name, language)
    return LoadedScheme(scheme, text, hashlib.sha256(text.encode()).hexdigest(), file.name)


def _validate(tree: Tree) -> tuple[Scheme | None, list[Finding]]:
    if not tree.lines:  # the file could not be read at all, and the reader said so
        return None, []
    try:
        return Scheme.model_validate(tree.data), []
    except ValidationError as error:
        unread = {finding.path for finding in tree.findings}
        found = [_finding(detail) for detail in error.errors() if not _echo(detail)]
        return None, [finding for finding in found if finding.path not in unread]


def _finding(detail: ErrorDetails) -> Finding:
    """Return pydantic's error in our terms."""
    path = tuple(step for step in detail["loc"] if step not in _NOT_IN_THE_FILE)
    facts = {"message": detail["msg"], **detail.get("ctx", {})}
    kind = detail["type"]
    if kind == "string_pattern_mismatch":
        kind = facts["pattern"]
    elif facts.get("class_name") == "Text":
        kind = f"{kind} Text"
    return Finding(kind, path, facts=facts)


def _echo(detail: ErrorDetails) -> bool:
    """Whether a list only seems too short, because its entries have errors of their own."""
    return detail["type"] == "too_short" and bool(detail["input"])


def _same_version(loaded: list[LoadedScheme], language: str) -> Iterator[Problem]:
    first: dict[tuple[str, str], str] = {}
    for entry in loaded:
        other = first.setdefault((entry.scheme.scheme, entry.scheme.version), entry.source)
        if other != entry.source:
            path: Path = ("version",)
            lines = read(entry.text).lines
            finding = Finding("same_version", path, facts={"other": other})
            yield in_words(finding, entry.source, lines, language)
