import io
import struct
import tracemalloc
import zipfile
import zlib

import pytest
from PIL import Image

from accreditation.extensions import db
from accreditation.models import Application, Evidence, Office
from accreditation.services import applications, evidence, policy, results
from accreditation.services.errors import ServiceError
from accreditation.services.steps import take_step
from accreditation.services.storage import DamagedFileError
from tests import disk, factories
from workflows.application import ApplicationState as S

pytestmark = pytest.mark.usefixtures("context")


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, kind)
    return out.getvalue()


def black(width: int, height: int) -> bytes:
    """A real PNG picture of one colour, small however many pixels it has."""
    out = io.BytesIO()
    Image.new("1", (width, height)).save(out, "PNG")
    return out.getvalue()


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in ("[Content_Types].xml", *names):
            made.writestr(name, "<x/>")
    return out.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def zip_of_a_future_version() -> bytes:
    """An archive whose directory asks for a version of the format that no library knows."""
    made = bytearray(archive("word/document.xml"))
    made[made.rfind(b"PK\x01\x02") + 6] = 99
    return bytes(made)


def png_without_a_picture() -> bytes:
    """A PNG file that has its head and its end, and nothing between."""
    whole = picture("PNG")
    return whole[:33] + whole[-12:]


GOOD = {
    "bills.pdf": factories.PDF,
    "photo.JPG": picture("JPEG"),
    "photo.png": picture("PNG"),
    "photo.webp": picture("WEBP"),
    "table.xlsx": archive("xl/workbook.xml"),
    "letter.docx": archive("word/document.xml"),
    "figures.csv": "月,使用量\n4,120\n".encode(),
    "poster.png": black(60_000, 1_000),
    "table.csv": b"a,b\r\n1,2\r\n" * (factories.LARGEST // 10),
    "sjis.csv": "月,使用量\n4,120\n".encode("cp932"),
}
BAD = {
    "empty.pdf": (b"", "The file is empty."),
    "large.pdf": (b"x" * (factories.LARGEST + 1), "The file is too large."),
    "cut.pdf": (b"%PDF-1.4\nnothing", "This type"),
    "cut.png": (picture("PNG")[:30], "This type"),
    "bomb.png": (png_that_claims(30_000, 30_000), "This type"),
    "wide.png": (black(60_000, 1_001), "This type"),
    "macro.xlsx": (archive("xl/workbook.xml", "xl/vbaProject.bin"), "The file holds a program"),
    "future.docx": (zip_of_a_future_version(), "This type"),
    "nothing.png": (png_without_a_picture(), "This type"),
    "plain.docx": (archive("readme.txt"), "This type"),
    "page.csv": (b"<html>,</html>", "This type"),
    "note.csv": (b"no table at all", "This type"),
    "zeros.csv": (b"a,b\n1,\x00\n", "This type"),
    "wide.csv": (b"a," * (factories.LARGEST // 2), "This type"),
    "open.csv": (b"a,b\n" + b'"a\n",' * (factories.LARGEST // 5 - 1), "This type"),
    "torn.csv": ("月,使用量\n".encode() + b"\xff,1\n", "This type"),
    "program.pdf": (b"MZ\x90\x00" + b"\x00" * 60, "This type"),
    "image.svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "This type"),
    "photo.pdf": (picture("PNG"), "The end of the file's name"),
    "bills.pdf.exe": (factories.PDF, "The end of the file's name"),
    "noending": (factories.PDF, "The end of the file's name"),
}


@pytest.mark.parametrize("name", GOOD)
def test_the_types_of_the_list_are_taken(name: str) -> None:
    of = factories.draft()
    taken = factories.file_of(of, name, GOOD[name])
    assert name.lower().endswith(evidence.ALLOWED[taken.media_type])
    assert evidence.read(taken) == GOOD[name]


@pytest.mark.parametrize("name", BAD)
def test_what_the_content_does_not_bear_out_is_refused(name: str) -> None:
    content, why = BAD[name]
    with pytest.raises(ServiceError) as refused:
        factories.file_of(factories.draft(), name, content)
    assert refused.value.why.startswith(why)
    assert refused.value.field == "file"
    assert db.session.scalars(db.select(Evidence)).all() == []


def test_a_large_table_is_read_row_by_row() -> None:
    content = b"a,\n" * (4 * factories.LARGEST // 3)
    tracemalloc.start()
    try:
        stored = evidence.store(evidence.Upload("many.csv", content), len(content))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert stored.media_type == "text/csv"
    assert most < 3 * len(content)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("C:\\fakepath\\証拠.pdf", "証拠.pdf"),
        ("../../etc/bills.pdf", "bills.pdf"),
        ("a\r\nb\x00.pdf", "ab.pdf"),
        ("x" * 400 + ".pdf", "x" * (evidence.NAME_LENGTH - 20) + ".pdf"),
    ],
)
def test_names_lose_folders_and_what_is_not_printed(given: str, shown: str) -> None:
    assert factories.file_of(factories.draft(), given).name == shown


def test_the_same_file_sent_twice_is_one_piece_of_evidence() -> None:
    of = factories.draft()
    first = factories.file_of(of)
    assert factories.file_of(of) is first
    assert factories.file_of(of, "other.pdf") is not first
    assert factories.file_of(factories.draft()) is not first


def two_cases_with_the_same_file(state: S) -> list[tuple[Application, Evidence]]:
    """Make two cases of one operator, each sent with the same bytes under the same name."""
    of, made = factories.operator(), []
    for _ in range(2):
        case = factories.draft(of=factories.site(of))
        file = factories.file_of(case)
        evidence.attach(case, results.asked(case)[0].id, file)
        factories.submit(case)
        if state == S.IN_REVIEW:
            take_step(case, "accept", factories.person(Office.OFFICE))
        made.append((case, file))
    return made


def test_equal_bytes_are_stored_once_but_every_case_has_a_file_of_its_own() -> None:
    cases = two_cases_with_the_same_file(S.SUBMITTED)
    foreign = factories.file_of(factories.draft())
    files = [file for _case, file in cases] + [foreign]
    assert len({file.sha256 for file in files}) == 1
    assert len({file.key for file in files}) == 3
    for case, file in cases:
        assert evidence.sent_with(case) == {file.key}


def test_who_reads_a_case_reads_the_same_file_of_another_case_by_no_link() -> None:
    (first, own), (_second, other) = two_cases_with_the_same_file(S.IN_REVIEW)
    reviewer = factories.open_review(first).reviewer
    foreign = factories.file_of(factories.draft())
    assert policy.reads_evidence(reviewer, own)
    assert not policy.reads_evidence(reviewer, other)
    assert not policy.reads_evidence(reviewer, foreign)
    owner = factories.owner_of(first.site.operator)
    assert policy.reads_evidence(owner, own)
    assert policy.reads_evidence(owner, other)
    assert not policy.reads_evidence(owner, foreign)


def test_a_file_is_attached_once_and_can_be_taken_away() -> None:
    made = factories.draft()
    item, file = results.asked(made)[0].id, factories.file_of(made)
    evidence.attach(made, item, file)
    evidence.attach(made, item, file)
    answer = applications.answers_of(made)[item]
    assert [one.evidence for one in answer.attachments] == [file]
    evidence.detach(made, item, file)
    assert answer.attachments == []
    assert evidence.read(file) == factories.PDF


@pytest.mark.parametrize("same_operator", [True, False])
def test_evidence_of_another_case_is_refused(*, same_operator: bool) -> None:
    made = factories.draft()
    of = made.site.operator if same_operator else factories.operator()
    foreign = factories.file_of(factories.draft(of=factories.site(of)))
    with pytest.raises(ServiceError, match="another application"):
        evidence.attach(made, results.asked(made)[0].id, foreign)


def test_after_sending_nothing_is_attached_or_taken_away() -> None:
    made = factories.draft()
    item, file = results.asked(made)[0].id, factories.file_of(made)
    evidence.attach(made, item, file)
    factories.answer_all(made)
    owner = factories.owner_of(made.site.operator)
    applications.accept_terms(made, owner)
    take_step(made, "submit", owner)
    assert made.state == S.SUBMITTED
    for change in (evidence.attach, evidence.detach):
        with pytest.raises(ServiceError, match="can't be changed"):
            change(made, item, file)
    assert evidence.sent_with(made) == {file.key}


def test_a_damaged_and_a_missing_file_are_noticed() -> None:
    file = factories.file_of(factories.draft())
    disk.bend(file.sha256)
    with pytest.raises(DamagedFileError):
        evidence.read(file)
    disk.lose(file.sha256)
    with pytest.raises(FileNotFoundError):
        evidence.read(file)
