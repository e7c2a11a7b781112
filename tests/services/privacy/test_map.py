"""The map of personal data: every column has its place, and the document says the same."""

from pathlib import Path

from accreditation.models import Base
from accreditation.services import stored
from accreditation.services.privacy import map as data_map

DOCUMENT = (Path(__file__).parents[3] / "docs" / "data-map.md").read_text(encoding="utf-8")
HASHES_OF_OTHER_THINGS = {"scheme_versions.sha256", "submissions.sha256"}


def test_every_column_has_one_place() -> None:
    tables = {t.name: {c.name for c in t.columns} for t in Base.metadata.sorted_tables}
    assert {name: held.columns for name, held in data_map.TABLES.items()} == tables
    for name, held in data_map.TABLES.items():
        assert not set(held.personal) & set(held.other.split()), name


def test_every_column_that_points_to_a_person_is_personal() -> None:
    pointing = {
        (t.name, c.name)
        for t in Base.metadata.sorted_tables
        for c in t.columns
        if any(key.target_fullname == "people.id" for key in c.foreign_keys)
    }
    assert len(pointing) > 10
    assert {one for one in pointing if one[1] not in data_map.TABLES[one[0]].personal} == set()


def test_secrets_are_columns_that_are_there() -> None:
    personal = {f"{n}.{c}" for n, held in data_map.TABLES.items() for c in held.personal}
    assert personal >= data_map.SECRETS
    hashes = {one for one in personal if one.endswith("_hash")}
    assert hashes <= data_map.SECRETS


def test_every_hash_of_a_file_is_known_to_name_one() -> None:
    hashes = {f"{t.name}.sha256" for t in Base.metadata.sorted_tables if "sha256" in t.columns}
    naming = {f"{column.class_.__tablename__}.{column.key}" for column in stored.NAMING}
    assert hashes == naming | HASHES_OF_OTHER_THINGS


def test_the_document_says_the_same() -> None:
    assert data_map.as_markdown() in DOCUMENT
