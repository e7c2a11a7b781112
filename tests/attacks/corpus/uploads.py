"""Files that somebody might send as evidence to do harm, made by code: none is ever stored here."""

import io
import struct
import zipfile
import zlib

import pikepdf
from PIL import Image

from tests.factories import PDF

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
TYPES = b"<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"
MACRO_TYPE = (
    b"<Types><Override ContentType='application/vnd.ms-word.macroEnabled.main+xml'/></Types>"
)
LOADED = (
    b"<Relationships><Relationship Type='http://x/relationships/attachedTemplate' "
    b"Target='http://127.0.0.1:9/a.dotm' TargetMode='External'/></Relationships>"
)
XXE = b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>"
LAUGHS = b"<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]><x>&b;</x>"
MEGABYTE = bytes(1024 * 1024)


def picture(kind: str, **given: object) -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.effect_noise((64, 64), 80).convert("RGB").save(out, kind, **given)
    return out.getvalue()


def office(more: dict[str, bytes] | None = None, main: str = "word/document.xml") -> bytes:
    """An office document, with more parts."""
    return archive({"[Content_Types].xml": TYPES, main: b"<w/>", **(more or {})})


def archive(parts: dict[str, bytes]) -> bytes:
    """A packed archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in parts.items():
            made.writestr(name, body)
    return out.getvalue()


def pdf(root: str = "", page: str = "", more: str = "") -> bytes:
    """A PDF with entries added to its root and its page, and with more objects."""
    body = PDF.decode().partition("xref")[0]
    body = body.replace("/Type/Catalog", f"/Type/Catalog{root}")
    return f"{body.replace('/Type/Page/', f'/Type/Page{page}/')}{more}\n".encode() + (
        b"trailer<</Size 9/Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
    )


def packed() -> bytes:
    """A small PDF with an object that unpacks to a hundred megabytes."""
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.Root.Big = made.make_indirect(
            pikepdf.Dictionary(A=pikepdf.String("a" * 100 * len(MEGABYTE)))
        )
        made.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def png(width: int, height: int, *more: bytes) -> bytes:
    """A PNG that claims a size it does not have, with more chunks."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    rest = (*more, chunk(b"IDAT", zlib.compress(bytes(10))), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(rest)


def chunk(kind: bytes, content: bytes) -> bytes:
    """One chunk of a PNG."""
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def cut(content: bytes) -> bytes:
    """The first half of a file."""
    return content[: len(content) // 2]


def bent(content: bytes) -> bytes:
    """An archive with a part of which one bit is wrong."""
    made = bytearray(content)
    made[made.index(b"[Content_Types].xml") + 22] ^= 1
    return bytes(made)


JPEG, PNG, WEBP, DOCX = picture("JPEG"), picture("PNG"), picture("WEBP"), office()
LAUNCH = "/OpenAction<</S/Launch/F(cmd.exe)>>"
SCRIPT = "<</S/JavaScript/JS(app.alert\\(1\\))>>"
REJECTED: dict[str, bytes] = {
    "drawing.svg": SVG,
    "drawing.png": SVG,
    "page.html": HTML,
    "page.pdf": HTML,
    "page.csv": HTML + b",x",
    "marked.csv": b"\xef\xbb\xbf" + HTML + b",x",
    "blank.csv": b" \r\n\t" + HTML + b",x",
    "shell.csv": b"#!/bin/sh\nrm -r /,x\n",
    "escape.csv": b"a,b\n\x1b]0;owned\x07,1\n",
    "wide.csv": "a,b\n".encode("utf-16"),
    "script.csv": b"%!PS\n1,2\n",
    "rich.csv": b"{\\rtf1,x}",
    "picture.gif": picture("GIF"),
    "picture.png": picture("GIF"),
    "picture.bmp": picture("BMP"),
    "scan.tiff": picture("TIFF"),
    "program.pdf": b"MZ\x90\x00" + bytes(60),
    "program.exe": b"MZ\x90\x00" + bytes(60),
    "program.png": b"\x7fELF" + bytes(60),
    "virus.pdf": EICAR,
    "virus.csv": EICAR,
    "virus.zip": archive({"eicar.com": EICAR}),
    "virus.docx": archive({"eicar.com": EICAR}),
    "png+html.png": PNG + HTML,
    "jpeg+html.jpg": JPEG + HTML,
    "jpeg+svg.jpg": JPEG + SVG,
    "jpeg+php.jpg": JPEG + b"<?php system($_GET[0]); ?>",
    "comment.jpg": picture("JPEG", comment=HTML),
    "jpeg+zip.jpg": JPEG + DOCX,
    "png+zip.png": PNG + archive({"a.class": b"x"}),
    "webp+zip.webp": WEBP + DOCX,
    "png+pdf.png": PNG[:33] + chunk(b"tEXt", b"a\0" + PDF) + PNG[33:],
    "pdf+zip.pdf": PDF + DOCX,
    "zip+pdf.docx": DOCX + PDF,
    "html+pdf.pdf": HTML + PDF,
    "program+zip.docx": b"MZ" + DOCX,
    "macro.docx": office({"word/vbaProject.bin": b"x"}),
    "macro.xlsx": office({"xl/VBAPROJECT.BIN": b"x"}, "xl/workbook.xml"),
    "renamed.docx": archive({"[Content_Types].xml": MACRO_TYPE, "word/document.xml": b"<w/>"}),
    "old.xlsx": office({"xl/macrosheets/sheet1.xml": b"<x/>"}, "xl/workbook.xml"),
    "control.docx": office({"word/activeX/activeX1.xml": b"<x/>"}),
    "object.docx": office({"word/embeddings/oleObject1.bin": b"x"}),
    "inside.docx": office({"word/embeddings/setup.exe": b"MZ"}),
    "loading.docx": office({"word/_rels/settings.xml.rels": LOADED}),
    "entity.docx": office({"word/styles.xml": XXE}),
    "laughs.xlsx": office({"xl/styles.xml": LAUGHS}, "xl/workbook.xml"),
    "broken.docx": office({"word/styles.xml": b"<a><b></a>"}),
    "climbing.docx": office({"../../../etc/cron.d/x": b"x"}),
    "rooted.docx": office({"/etc/cron.d/x": b"x"}),
    "bomb.docx": office({"word/media/big": MEGABYTE * 101}),
    "crowd.xlsx": archive({f"xl/{number}": b"" for number in range(5_001)}),
    "bent.docx": bent(DOCX),
    "cut.docx": cut(DOCX),
    "cut.pdf": cut(PDF),
    "cut.jpg": cut(JPEG),
    "cut.png": cut(PNG),
    "cut.webp": cut(WEBP),
    "pixels.png": png(60_000, 60_000),
    "packed.pdf": packed(),
    "launch.pdf": pdf(root=LAUNCH),
    "opening.pdf": pdf(root=f"/OpenAction{SCRIPT}"),
    "turning.pdf": pdf(page=f"/AA<</O{SCRIPT}>>"),
    "named.pdf": pdf(root=f"/Names<</JavaScript<</Names[(a){SCRIPT}]>>>>"),
    "button.pdf": pdf(more="5 0 obj<</A<</S/Launch/F(cmd.exe)>>>>endobj"),
    "empty.pdf": b"",
}
# What looks odd and is right, or can't do anything as it is given out.
TAKEN: dict[str, bytes] = {
    "photo.jpg": JPEG,
    "progressive.jpg": picture("JPEG", progressive=True),
    "thumbnail.jpg": picture("JPEG", exif=b"Exif\0\0" + JPEG),
    "moving.jpg": JPEG + bytes(range(256)) * 40,
    "photo.png": PNG,
    "photo.webp": WEBP,
    "letter.docx": DOCX,
    "bills.pdf": PDF,
    "again.pdf": pdf(),
    "jump.pdf": pdf(root="/OpenAction[3 0 R/Fit]"),
    "link.docx": office({"word/_rels/a.rels": LOADED.replace(b"attachedTemplate", b"hyperlink")}),
    "text.png": png(8, 8, chunk(b"zTXt", b"a\0\0" + zlib.compress(MEGABYTE * 101))),
    "formula.csv": b"a,b\n=cmd|' /C calc'!A0,1\n",
    "markup.csv": b"a,b\n<script>alert(1)</script>,1\n",
}
FILE_NAMES = (
    *("../../etc/passwd.pdf", "..\\..\\boot.pdf", "/etc/cron.d/x.pdf", "C:\\Windows\\x.pdf"),
    *("a\x00.exe.pdf", "a\r\nSet-Cookie: x=1.pdf", 'a";filename="b.exe".pdf', "a;b.pdf"),
    *("<img src=x onerror=alert(1)>.pdf", "{{7*7}}.pdf", "%2e%2e%2fx.pdf", "$(id).pdf"),
    *("\u202efdp.exe.pdf", "a\u200b.pdf", "あ" * 400 + ".pdf", "x" * 5_000 + ".pdf"),
    *("CON.pdf", ".htaccess.pdf", ".pdf", "'; DROP TABLE evidence;--.pdf", "名前 証拠.PDF"),
)
