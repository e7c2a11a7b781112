from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from accreditation.schemes.loader import load_file, load_folder, load_scheme
from accreditation.schemes.problems import SchemeError
from tests.schemes.small import SMALL


def test_a_whole_file_becomes_a_scheme() -> None:
    scheme = load_scheme(SMALL, "small.yaml")

    assert (scheme.scheme, scheme.version) == ("small", "1")
    assert scheme.kinds["inn"].in_language("ja") == "宿"
    assert scheme.item("1-2").weight == 2
    assert scheme.item("1-2").may_not_apply
    assert scheme.item("1-1").directions == (1,)
    assert scheme.rule.levels[0].name.en == "Star"


def test_a_folder_gives_its_schemes_with_text_and_hash(tmp_path: Path) -> None:
    newer = SMALL.replace('version: "1"\nname', 'version: "2"\nname')
    (tmp_path / "b.yaml").write_text(newer, "utf-8")
    (tmp_path / "a.yaml").write_text(SMALL, "utf-8")
    (tmp_path / "notes.txt").write_text("not a scheme", "utf-8")

    loaded = load_folder(tmp_path)

    assert [(entry.source, entry.scheme.version) for entry in loaded] == [
        ("a.yaml", "1"),
        ("b.yaml", "2"),
    ]
    assert loaded[1].text == newer
    assert loaded[1].sha256 == hashlib.sha256(newer.encode()).hexdigest()


def test_a_folder_names_the_problems_of_all_its_files(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SMALL, "utf-8")
    (tmp_path / "b.yaml").write_text("# the same\n" + SMALL, "utf-8")
    (tmp_path / "c.yaml").write_text(SMALL.replace("years: 1", "years: 0"), "utf-8")

    with pytest.raises(SchemeError) as caught:
        load_folder(tmp_path)

    assert str(caught.value).splitlines() == [
        "c.yaml:64: rule → validity → years: The least value is 1.",
        "b.yaml:3: version: This version of the scheme is in a.yaml too. Give it a new one.",
    ]


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SchemeError, match="There is no scheme file"):
        load_folder(tmp_path)


def test_files_of_other_programs_are_read_or_refused_in_words(tmp_path: Path) -> None:
    marked, foreign, huge = (tmp_path / name for name in ("m.yaml", "f.yaml", "h.yaml"))
    marked.write_bytes(SMALL.encode("utf-8-sig").replace(b"\n", b"\r\n"))
    foreign.write_bytes(SMALL.encode("cp932"))
    huge.write_bytes(b"\xff" * 3_000_000)

    assert load_file(marked).scheme.scheme == "small"
    with pytest.raises(SchemeError, match=r"^f.yaml:3: This line is not UTF-8 text"):
        load_file(foreign)
    with pytest.raises(SchemeError, match=r"^h.yaml: The file is larger than 1 MB"):
        load_file(huge)
