"""What a file is by its content: read whole, as what it says it is and nothing besides.

A file is kept and given out byte for byte, so that what could do harm on somebody's computer is
refused, not repaired: macros, scripts, programs, what unpacks to more than fits, two types in one.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from threading import Lock
from xml.parsers import expat

import filetype
import pikepdf
from PIL import Image

PICTURE_FORMATS = ("JPEG", "PNG", "WEBP")
_LARGEST_PICTURE = 60_000_000  # pixels; more is a bomb, not a photograph
_LONGEST_ROW = 1_000_000  # characters; more is no row of a table that a person reads
_LARGEST_UNPACKED = 100 * 1024 * 1024  # bytes of an office document
_MOST_PARTS = 5_000  # of an office document
_MARK, _PICTURE_BEGINS = 0xFF, 0xDA  # of a JPEG
_END_OF_ARCHIVE = 22  # bytes of the record at the end, with no comment and nothing behind it
_PIECE = 1024 * 1024
_OFFICE_PARTS = {
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_MARKUP = re.compile(rb"<script|<!doctype|<html[ >]|<\?php|<svg[ >][^>]{0,200}xmlns", re.IGNORECASE)
_PDF_WITHIN = 1024  # bytes in which readers look for the head of a PDF
_NO_TABLE = (b"<", b"#!", b"%PDF-", b"%!PS", b"{\\rtf")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_MACROS = re.compile(r"vbaproject|vbadata|activex|oleobject|macrosheets|\.(bin|exe|js|vbs|scr)$")
# What a document loads when it is opened; a link that somebody has to follow is none of these.
_LOADED = ("attachedTemplate", "oleObject", "frame", "subDocument", "externalLinkPath")
_STARTING = {"/Launch", "/ImportData"}
_LARGEST_STREAM = 64 * 1024 * 1024  # bytes of what a PDF packs its objects and their places into
_LONGEST_LIST = 1_000_000  # entries of one list in a PDF
# For the whole process: the library has no other way.
pikepdf.settings.set_qpdf_limits(
    parser_max_container_size=_LONGEST_LIST,
    flate_max_memory=_LARGEST_STREAM,
    png_max_memory=_LARGEST_STREAM,
    run_length_max_memory=_LARGEST_STREAM,
    tiff_max_memory=_LARGEST_STREAM,
)
decoding = Lock()  # a picture takes up to 240 MB while it is decoded: one at a time


class ProgramInsideError(Exception):
    """A file of our types that holds a program, another file, or loads something when opened."""


def type_of(content: bytes) -> str | None:
    """Read the type; None when it is none of ours, ProgramInsideError when it may do harm.

    May raise whatever a parser raises: that too says that it is none of ours.
    """
    guessed = filetype.guess_mime(content)
    if guessed == "application/pdf":
        return guessed if _is_pdf(content) else None
    if guessed in {"image/jpeg", "image/png", "image/webp"}:
        return guessed if _is_picture(content) else None
    if content[:4] == b"PK\x03\x04":
        return _office_type(content)
    return "text/csv" if _is_csv(content) else None


def _is_pdf(content: bytes) -> bool:
    _require(not zipfile.is_zipfile(io.BytesIO(content)))
    with pikepdf.open(io.BytesIO(content)) as pdf:
        _require(not any(map(_starts_something, pdf.objects)))
        _require(not _runs_when_opened(pdf))
        return len(pdf.pages) > 0


def _starts_something(item: object) -> bool:
    """Tell whether an object starts a program, itself or in what lies right inside it."""
    if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        inside = [one for _, one in item.items()]
        if str(item.get("/S", "")) in _STARTING:
            return True
    elif isinstance(item, pikepdf.Array):
        inside = [item[number] for number in range(len(item))]
    else:
        return False
    direct = (one for one in inside if isinstance(one, pikepdf.Object) and not one.is_indirect)
    return any(map(_starts_something, direct))


def _runs_when_opened(pdf: pikepdf.Pdf) -> bool:
    """Tell whether a script runs by itself; one that formats a field of a form may stay."""
    root, opening = pdf.Root, pdf.Root.get("/OpenAction")
    return (
        "/JavaScript" in root.get("/Names", {})
        or (isinstance(opening, pikepdf.Dictionary) and "/JS" in opening)
        or "/AA" in root
        or any("/AA" in page.obj for page in pdf.pages)
    )


def _is_picture(content: bytes) -> bool:
    _require(not _MARKUP.search(content) and b"%PDF-" not in content[:_PDF_WITHIN])
    _require(not zipfile.is_zipfile(io.BytesIO(content)))
    with Image.open(io.BytesIO(content), formats=PICTURE_FORMATS) as picture:
        if picture.width * picture.height > _LARGEST_PICTURE:
            return False
        if picture.format == "JPEG" and not _comes_to_its_end(content):
            return False
        picture.verify()
    with decoding, Image.open(io.BytesIO(content), formats=PICTURE_FORMATS) as picture:
        picture.draft("L", (1, 1))  # a JPEG is read to its end, but into an eighth of its size
        picture.load()
    return True


def _comes_to_its_end(jpeg: bytes) -> bool:
    """Tell whether the mark of the end follows the picture; the library does not miss it."""
    at = 2
    while jpeg[at] == _MARK and jpeg[at + 1] != _PICTURE_BEGINS:
        of_no_length = jpeg[at + 1] == _MARK  # a filling byte
        at += 1 if of_no_length else 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return jpeg.find(b"\xff\xd9", at) > 0


def _office_type(content: bytes) -> str | None:
    _require(content[-_END_OF_ARCHIVE:].startswith(b"PK\x05\x06"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        unpacked = sum(part.file_size for part in parts)
        if len(parts) > _MOST_PARTS or unpacked > _LARGEST_UNPACKED:
            return None
        names = {part.filename for part in parts}
        if len(names) < len(parts) or any(map(_leads_away, names)):
            return None
        _require(not any(_MACROS.search(name.lower()) for name in names))
        for part in parts:
            _read_part(archive, part)
    if "[Content_Types].xml" not in names:
        return None
    return next((kind for part, kind in _OFFICE_PARTS.items() if part in names), None)


def _leads_away(name: str) -> bool:
    steps = name.replace("\\", "/").split("/")
    return ".." in steps or not steps[0]


def _read_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Read a part to its end, its checksum with it; ValueError for what we refuse inside."""
    is_xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    if part.filename.endswith((".rels", "[Content_Types].xml")):
        _require(part.file_size <= _PIECE)  # looking at each element takes its time
        parser.StartElementHandler = _look_at
    with archive.open(part) as opened:
        while piece := opened.read(_PIECE):
            if is_xml:
                parser.Parse(piece, False)  # noqa: FBT003 - the library's signature
    if is_xml:
        parser.Parse(b"", True)  # noqa: FBT003 - the library's signature


def _refuse(*_: object) -> None:
    raise ValueError("office documents declare no types and entities")


def _look_at(_: str, given: dict[str, str]) -> None:
    outside = given.get("TargetMode") == "External"
    _require(not (outside and given.get("Type", "").endswith(_LOADED)))
    _require("macroenabled" not in given.get("ContentType", "").lower())


def _require(condition: object) -> None:
    if not condition:
        raise ProgramInsideError


def _is_csv(content: bytes) -> bool:
    text = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(_NO_TABLE) or _CONTROL.search(content):
        return False
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return _columns(content, encoding) > 1
        except (UnicodeDecodeError, csv.Error):
            continue
    return False


def _columns(content: bytes, encoding: str) -> int:
    """Count the columns of the widest row, keeping no more than one row in memory.

    UnicodeDecodeError or csv.Error when it can't be read to its end.
    """
    text = io.TextIOWrapper(io.BytesIO(content), encoding, newline="")
    widest, room = 0, _LONGEST_ROW

    def lines() -> Iterator[str]:
        nonlocal room
        while line := text.readline(room + 1):
            room -= len(line)
            if room < 0:
                raise csv.Error("a row is too long")
            yield line

    for row in csv.reader(lines(), strict=True):
        widest, room = max(widest, len(row)), _LONGEST_ROW
    return widest
