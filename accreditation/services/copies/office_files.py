"""DOCX and XLSX: the same parts, without properties of the file and names beside changes."""

import io
import re
import zipfile

from accreditation.services.copies.pictures import jpeg_without_metadata, png_without_metadata

_PACKAGE = "http://schemas.openxmlformats.org/"
# What a reader expects to find, saying nothing.
_EMPTY = {
    "docprops/core.xml": (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}package/2006/metadata/core-properties"/>'
    ),
    "docprops/app.xml": (
        f'<Properties xmlns="{_PACKAGE}officeDocument/2006/extended-properties"/>'
    ),
    "docprops/custom.xml": (
        f'<Properties xmlns="{_PACKAGE}officeDocument/2006/custom-properties"/>'
    ),
}
# Who wrote a remark or a change, in the attributes and elements of both formats.
_QUOTED = rb"""\s*=\s*("[^"]*"|'[^']*')"""
_WHO = re.compile(rb"\b((?:\w+:)?(?:author|initials|userId|providerId|lastModifiedBy))" + _QUOTED)
_AUTHOR = re.compile(rb"(<(?:\w+:)?author>)[^<]*(</)")
_PERSON = re.compile(rb"\b(displayName)" + _QUOTED)
_MADE = (1980, 1, 1, 0, 0, 0)  # the first moment that the format knows


def cleaned(content: bytes) -> bytes:
    """Write an office document anew, part by part; what stands in it is not touched."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for part in given.infolist():
            target = zipfile.ZipInfo(part.filename, _MADE)
            target.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(target, _part(part.filename.lower(), given.read(part)))
    return out.getvalue()


def _part(name: str, content: bytes) -> bytes:
    if name in _EMPTY:
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{_EMPTY[name]}'.encode()
    if name.endswith((".jpg", ".jpeg")):
        return jpeg_without_metadata(content)
    if name.endswith(".png"):
        return png_without_metadata(content)
    if not name.endswith(".xml"):
        return content
    cleaned = _AUTHOR.sub(rb"\1\2", _WHO.sub(rb'\1=""', content))
    return _PERSON.sub(rb'\1=""', cleaned) if "/persons/" in name else cleaned
