"""Pictures: drawn anew when they are files, only freed of their metadata when inside a document."""

import io

from PIL import Image, ImageCms, ImageOps

from accreditation.services.contents import PICTURE_FORMATS, decoding
from accreditation.services.copies.refusing import require

_QUALITY = 92  # of 100: differences that nobody sees
_SEEN = ("transparency",)  # of what a library keeps beside the points, what shows
_TOLD = frozenset({0xE1, 0xED, 0xFE})  # of a JPEG: EXIF and XMP, IPTC, comments
_BEFORE_THE_PICTURE = 0xDA
_MARK = 0xFF
_TRACES = (b"Exif\x00\x00", b"http://ns.adobe.com/xap", b"Photoshop 3.0\x00")
_TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"})  # chunks of a PNG
_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
_AROUND_CHUNK = 12  # bytes: length, kind, checksum


def redrawn(content: bytes) -> bytes:
    """Draw a JPEG, PNG or WebP anew, upright and in the colours of the web, and nothing besides.

    CannotCleanError for a picture that moves: of it a copy would show one moment only.
    """
    with decoding, Image.open(io.BytesIO(content), formats=PICTURE_FORMATS) as opened:
        kind = "JPEG" if opened.format == "MPO" else str(opened.format)
        frames = getattr(opened, "n_frames", 1)
        require(kind == "JPEG" or frames == 1, "a picture that moves")
        picture = _in_web_colours(ImageOps.exif_transpose(opened))
        picture.info = {name: picture.info[name] for name in _SEEN if name in picture.info}
        out = io.BytesIO()
        given = {} if kind == "PNG" else {"quality": _QUALITY}
        picture.save(out, kind, **given)
    return out.getvalue()


def _in_web_colours(picture: Image.Image) -> Image.Image:
    """Turn the colours of a profile into those of sRGB, for the profile goes too."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in {"RGB", "RGBA", "CMYK", "L"}:
        return picture
    wanted = "RGBA" if picture.mode == "RGBA" else "RGB"
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(
            picture, given, ImageCms.createProfile("sRGB"), outputMode=wanted
        )
    except (ImageCms.PyCMSError, OSError):  # a profile that says nothing of use
        return picture
    return turned or picture


def jpeg_without_metadata(content: bytes) -> bytes:
    """Take EXIF, XMP, IPTC and comments out of a JPEG; its picture stays bit for bit.

    CannotCleanError when a trace of them is left, IndexError when it is no JPEG.
    """
    kept, at = [content[:2]], 2
    while content[at + 1] != _BEFORE_THE_PICTURE:
        require(content[at] == _MARK, "no JPEG")
        if content[at + 1] == _MARK:  # a filling byte
            at += 1
            continue
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if content[at + 1] not in _TOLD:
            kept.append(content[at:end])
        at = end
    cleaned = b"".join([*kept, content[at:]])
    require(not any(trace in cleaned for trace in _TRACES), "metadata inside a picture")
    return cleaned


def png_without_metadata(content: bytes) -> bytes:
    """Take texts, EXIF and times out of a PNG; its picture stays bit for bit."""
    require(content.startswith(_PNG_HEAD), "no PNG")
    kept, at = [_PNG_HEAD], len(_PNG_HEAD)
    while at < len(content):
        end = at + _AROUND_CHUNK + int.from_bytes(content[at : at + 4], "big")
        kind = content[at + 4 : at + 8]
        if kind not in _TEXTS:
            kept.append(content[at:end])
        at = len(content) if kind == b"IEND" else end
    return b"".join(kept)
