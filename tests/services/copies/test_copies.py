"""Copies for those who judge: nothing of places, authors and devices, and all that shows."""

import io
import zipfile
from collections.abc import Iterator

import pikepdf
import pytest
from PIL import Image, ImageChops, ImageStat

from accreditation.services import contents
from accreditation.services.copies.making import copy_of
from accreditation.services.copies.refusing import CannotCleanError
from tests import factories
from tests.attacks.corpus.uploads import TAKEN
from tests.services.copies import revealing
from tests.services.copies.revealing import CANARY, TEXT

WORD, EXCEL = (
    f"application/vnd.openxmlformats-officedocument.{kind}"
    for kind in ("wordprocessingml.document", "spreadsheetml.sheet")
)
MOST_DIFFERENT = 1  # of 255, from point to point
REVEALING = {
    "photo.jpg": ("image/jpeg", revealing.picture("JPEG")),
    "photo.png": ("image/png", revealing.picture("PNG")),
    "photo.webp": ("image/webp", revealing.picture("WEBP")),
    "bills.pdf": ("application/pdf", revealing.pdf()),
    "packed.pdf": ("application/pdf", revealing.pdf(packed=True)),
    "letter.docx": (WORD, revealing.docx()),
    "table.xlsx": (EXCEL, revealing.xlsx()),
}


def everything_in(content: bytes) -> Iterator[bytes]:
    """Give a file's bytes, and those of all that is packed inside it."""
    yield content
    if content.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(content)) as pdf:
            yield bytes(pdf.trailer.unparse())
            for item in pdf.objects:
                yield item.unparse()
                if isinstance(item, pikepdf.Stream):
                    yield item.read_raw_bytes()
                    if item.get("/Filter") == pikepdf.Name.FlateDecode:
                        yield item.read_bytes()
    elif zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from map(archive.read, archive.namelist())


def told(content: bytes) -> bool:
    return any(CANARY.encode() in one or b"Exif" in one for one in everything_in(content))


@pytest.mark.parametrize("name", REVEALING)
def test_a_copy_tells_nothing_that_it_does_not_show(name: str) -> None:
    media_type, content = REVEALING[name]
    assert contents.type_of(content) == media_type, "it would not be taken"
    assert told(content)
    copy = copy_of(content, media_type)
    assert not told(copy)
    assert contents.type_of(copy) == media_type
    assert copy_of(copy, media_type)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", [1, revealing.TURNED])
def test_a_picture_looks_the_same(kind: str, orientation: int) -> None:
    given = revealing.picture(kind, orientation)
    copy = copy_of(given, f"image/{kind.lower()}")
    with Image.open(io.BytesIO(copy)) as seen, Image.open(io.BytesIO(given)) as before:
        assert dict(seen.getexif()) == {}
        upright = before.rotate(0 if orientation == 1 else -90, expand=True)
        assert seen.size == upright.size
        difference = ImageStat.Stat(ImageChops.difference(seen.convert("RGB"), upright))
        assert max(difference.mean) < MOST_DIFFERENT


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "I;16"])
def test_pictures_of_every_kind_of_points_have_copies(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (8, 8)).save(out, "PNG")
    with Image.open(io.BytesIO(copy_of(out.getvalue(), "image/png"))) as copy:
        assert copy.mode == mode


def test_what_stands_in_documents_stays() -> None:
    with pikepdf.open(io.BytesIO(copy_of(revealing.pdf(), "application/pdf"))) as pdf:
        page = pdf.pages[0]
        assert str(page.obj.Annots[0].Contents) == "見てください"
        photograph = next(iter(page.get_images().values()))
        assert isinstance(photograph, pikepdf.Stream)
        before = Image.open(io.BytesIO(revealing.picture("JPEG")))
        assert pikepdf.PdfImage(photograph).as_pil_image().tobytes() == before.tobytes()
    for media_type, content, part in (
        (WORD, revealing.docx(), "word/document.xml"),
        (EXCEL, revealing.xlsx(), "xl/workbook.xml"),
    ):
        with zipfile.ZipFile(io.BytesIO(copy_of(content, media_type))) as archive:
            assert TEXT in archive.read(part).decode()
            assert {one.date_time[0] for one in archive.infolist()} == {1980}


def moving() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    return out.getvalue()


def with_a_file_inside() -> bytes:
    with pikepdf.open(io.BytesIO(factories.PDF)) as pdf:
        pdf.attachments["a.txt"] = b"hello"
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


REFUSED = {
    "a picture that moves": ("image/webp", moving()),
    "a file inside": ("application/pdf", with_a_file_inside()),
    "PdfError": ("application/pdf", b"%PDF-1.4 nothing"),
    "no way for this type": ("image/svg+xml", b"<svg/>"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_has_no_copy_is_refused_whole(why: str) -> None:
    media_type, content = REFUSED[why]
    with pytest.raises(CannotCleanError, match=f"^{why}$"):
        copy_of(content, media_type)


@pytest.mark.parametrize("name", sorted(TAKEN))
def test_odd_files_have_a_copy_of_their_type_or_none(name: str) -> None:
    media_type = contents.type_of(TAKEN[name])
    assert media_type is not None
    try:
        copy = copy_of(TAKEN[name], media_type)
    except CannotCleanError:
        return
    assert contents.type_of(copy) == media_type
