"""Spreadsheets: nothing of this system writes a file that one opens, and what does must come here.

Whoever adds such a file makes its cells inert in one place (a leading apostrophe before what a
spreadsheet runs: = + - @, TAB, CR, LF and their full-width forms; numbers stay numbers), names that
place in WRITERS and tries `corpus.formulas` on it.
"""

import ast
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from accreditation.extensions import db
from accreditation.models import Site
from accreditation.services.identifiers import unseen, without_unseen
from tests.attacks.corpus.formulas import FORMULAS
from tests.attacks.stage import Stage

HERE = Path(__file__).parents[2]
LIBRARIES = {"csv", "openpyxl", "xlsxwriter", "pandas", "tablib", "odf", "pyexcel", "xlwt"}
KINDS = ("csv", "tab-separated", "spreadsheet", "excel", "opendocument")
WRITERS: set[str] = set()
READERS = {"accreditation/services/contents.py"}  # looks into what was uploaded


def imports(source: str) -> set[str]:
    """Give the libraries that a module takes in."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {one.name.partition(".")[0] for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def modules() -> Iterator[Path]:
    for part in ("accreditation", "certificates", "workflows"):
        yield from HERE.joinpath(part).rglob("*.py")


def test_whoever_writes_spreadsheets_is_known() -> None:
    found = {
        str(one.relative_to(HERE))
        for one in modules()
        if imports(one.read_text(encoding="utf-8")) & LIBRARIES
    }
    assert found == WRITERS | READERS
    assert imports("import csv\nfrom openpyxl.cell import Cell") & LIBRARIES == {"csv", "openpyxl"}


def test_no_page_gives_a_spreadsheet(stage: Stage) -> None:
    """Every address that reads, by its answer's kind: a page, a document, JSON, or evidence."""
    kinds = set()
    for role, path in stage.pages:
        kinds.add(stage.ask(role, path).mimetype)
    assert "text/html" in kinds
    assert not [one for one in kinds if any(part in str(one) for part in KINDS)]


def test_a_formula_is_kept_as_it_was_typed(stage: Stage) -> None:
    """In the database it is a text like any other: only a spreadsheet would run it."""
    assert len(FORMULAS) >= 20
    sent = next(one for one in stage.posts if one.endpoint == "applicant.site")
    for text in FORMULAS:
        with stage.undone():
            stage.send(sent.with_values(name_en=[text]))
            with stage.within():
                held = db.session.scalars(select(Site.name_en)).all()
        assert unicodedata.normalize("NFC", " ".join(without_unseen(text).split())) in held or (
            unseen(text)
        )
