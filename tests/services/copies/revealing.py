"""Files that tell more than they show: places, authors, devices, in every corner of each type."""

import io
import zipfile
import zlib
from typing import Any

import pikepdf
from PIL import Image, ImageDraw, PngImagePlugin

CANARY = "KANARIENVOGEL"
LATITUDE = (36.0, 33.0, 43.0)
XMP = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><a>{CANARY}</a></x:xmpmeta>".encode()
TURNED = 6  # the camera was held upright: a reader turns the picture by a quarter


def drawn(mode: str = "RGB") -> Image.Image:
    """A picture whose corners tell which way up it is."""
    picture = Image.new(mode, (64, 32), "white")
    ImageDraw.Draw(picture).rectangle((0, 0, 15, 15), "red")
    return picture


def exif(orientation: int = 1) -> Image.Exif:
    """Where, when, with what and by whom."""
    told = Image.Exif()
    told[0x0112] = orientation
    told[0x013B] = told[0x010F] = told[0x8298] = CANARY  # artist, maker, copyright
    told.get_ifd(0x8825).update({1: "N", 2: LATITUDE, 3: "E", 4: (136.0, 39.0, 23.0)})
    told.get_ifd(0x8769).update({0x9003: "2026:11:22 10:00:00", 0xA431: CANARY})
    return told


def picture(kind: str, orientation: int = 1, mode: str = "RGB") -> bytes:
    """A picture with EXIF, XMP and a comment or text."""
    out = io.BytesIO()
    given: dict[str, Any] = {"exif": exif(orientation), "xmp": XMP}
    if kind == "PNG":
        texts = PngImagePlugin.PngInfo()
        texts.add_text("Author", CANARY)
        texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
        given = {"exif": exif(orientation), "pnginfo": texts}
    elif kind == "JPEG":
        given |= {"comment": CANARY, "quality": 95}
    drawn(mode).save(out, kind, **given)
    return out.getvalue()


def pdf(*, packed: bool = False) -> bytes:
    """A page with a photograph, a remark and a signature; metadata of the file and of parts."""
    made = pikepdf.new()
    page = made.add_blank_page(page_size=(200, 200))
    page.obj.PieceInfo = pikepdf.Dictionary(A=pikepdf.Dictionary(Private=CANARY))
    page.obj.Resources = pikepdf.Dictionary(
        XObject=pikepdf.Dictionary(P=_photograph(made, packed=packed))
    )
    page.obj.Contents = made.make_stream(b"q 100 0 0 100 0 0 cm /P Do Q")
    page.obj.Annots = made.make_indirect(pikepdf.Array([_remark(), _signature(made)]))
    with made.open_metadata() as told:
        told["dc:creator"] = [CANARY]
    made.docinfo["/Author"] = made.docinfo["/Company"] = CANARY
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _photograph(made: pikepdf.Pdf, *, packed: bool) -> pikepdf.Object:
    content = picture("JPEG")
    stream = made.make_stream(zlib.compress(content) if packed else content)
    filters = [pikepdf.Name.FlateDecode] * packed + [pikepdf.Name.DCTDecode]
    stream.update(
        {
            "/Type": pikepdf.Name.XObject,
            "/Subtype": pikepdf.Name.Image,
            "/Width": 64,
            "/Height": 32,
            "/BitsPerComponent": 8,
            "/ColorSpace": pikepdf.Name.DeviceRGB,
            "/Filter": pikepdf.Array(filters) if packed else filters[0],
            "/Metadata": made.make_stream(XMP),
        }
    )
    return made.make_indirect(stream)


def _remark() -> pikepdf.Dictionary:
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Text,
        Rect=[0, 0, 20, 20],
        Contents="見てください",
        T=CANARY,
        M="D:20261122100000+09'00'",
    )


def _signature(made: pikepdf.Pdf) -> pikepdf.Object:
    value = pikepdf.Dictionary(Type=pikepdf.Name.Sig, Name=CANARY, Location=CANARY)
    field = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Widget,
        FT=pikepdf.Name.Sig,
        T="Signature1",
        V=made.make_indirect(value),
        Rect=[0, 0, 0, 0],
    )
    kept = made.make_indirect(field)
    made.Root.AcroForm = pikepdf.Dictionary(Fields=[kept])
    return kept


def _archive(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in {"[Content_Types].xml": b"<Types/>", **parts}.items():
            made.writestr(name, content)
    return out.getvalue()


_PROPERTIES = {
    "docProps/core.xml": f"<c><creator>{CANARY}</creator></c>".encode(),
    "docProps/app.xml": f"<p><Company>{CANARY}</Company></p>".encode(),
    "docProps/custom.xml": f"<p>{CANARY}</p>".encode(),
}
TEXT = "本文はそのままです"


def docx() -> bytes:
    """A letter with a change, a remark and photographs."""
    body = f'<w:document><w:ins w:author="{CANARY}" w:id="1">{TEXT}</w:ins></w:document>'
    remark = f"<w:comment w:initials='{CANARY}' w:author='{CANARY}'>{TEXT}</w:comment>"
    return _archive(
        {
            **_PROPERTIES,
            "word/document.xml": body.encode(),
            "word/comments.xml": remark.encode(),
            "word/media/image1.jpeg": picture("JPEG"),
            "word/media/image2.png": picture("PNG"),
        }
    )


def xlsx() -> bytes:
    """A table with a remark and somebody who takes part in it."""
    person = f'<person displayName="{CANARY}" userId="{CANARY}" id="1"/>'
    return _archive(
        {
            **_PROPERTIES,
            "xl/workbook.xml": f"<workbook>{TEXT}</workbook>".encode(),
            "xl/comments1.xml": f"<authors><author>{CANARY}</author></authors>".encode(),
            "xl/persons/person.xml": person.encode(),
        }
    )
