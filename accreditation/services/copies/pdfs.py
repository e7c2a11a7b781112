"""PDF: the pages as they are, without who made them, with what, when and where."""

import io
import zlib
from collections.abc import Iterator

import pikepdf

from accreditation.services.copies.pictures import jpeg_without_metadata
from accreditation.services.copies.refusing import require

_TOLD = ("/Metadata", "/PieceInfo", "/LastModified")  # anywhere in a file
_REMARK = ("/T", "/M", "/CreationDate", "/NM")  # of somebody's remark: who and when
_PART_OF_THE_FILE = {"/Widget", "/Link"}
_FLATE, _JPEG, _JPEG_2000 = "/FlateDecode", "/DCTDecode", "/JPXDecode"
_LARGEST_PICTURE = 64 * 1024 * 1024  # bytes of one that is packed a second time
_TRACES = (b"Exif", b"http://ns.adobe.com/xap")


def cleaned(content: bytes) -> bytes:
    """Write a PDF anew without metadata of the file, its parts, remarks, signatures and pictures.

    A signature does not outlive the copy; how it looks on the page does. CannotCleanError for
    files inside, which would have to be cleaned themselves, and for pictures that can't be read.
    """
    with pikepdf.open(io.BytesIO(content)) as pdf:
        require(len(pdf.attachments) == 0, "a file inside")
        for name in ("/Metadata", "/Perms", "/PieceInfo"):
            _drop(pdf.Root, name)
        del pdf.docinfo
        for item in pdf.objects:
            for one in _with_what_is_in_it(item):
                _clean(one)
            if isinstance(item, pikepdf.Stream):
                _clean_picture(item)
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, encryption=False)
    return out.getvalue()


def _with_what_is_in_it(item: object) -> Iterator[pikepdf.Object]:
    """Give an object and all that stands right inside it, however deep."""
    waiting = [item]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            yield one
            inside = [value for _, value in one.items()]
        elif isinstance(one, pikepdf.Array):
            inside = [one[number] for number in range(len(one))]
        else:
            continue
        waiting += [x for x in inside if isinstance(x, pikepdf.Object) and not x.is_indirect]


def _clean(item: pikepdf.Object) -> None:
    for name in _TOLD:
        _drop(item, name)
    if "/FT" in item and item["/FT"] == pikepdf.Name.Sig:
        _drop(item, "/V")
    if "/Rect" in item and str(item.get("/Subtype", "")) not in _PART_OF_THE_FILE:
        for name in _REMARK:
            _drop(item, name)


def _clean_picture(stream: pikepdf.Stream) -> None:
    filters = stream.get("/Filter")
    named = [str(one) for one in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    if _JPEG_2000 in named:
        raw = stream.read_raw_bytes()
        require(not any(trace in raw for trace in _TRACES), "metadata inside a picture")
    if _JPEG not in named:
        return
    require(named in ([_JPEG], [_FLATE, _JPEG]), "a picture packed in an unknown way")
    raw = stream.read_raw_bytes()
    if named[0] == _FLATE:
        unpacking = zlib.decompressobj()
        raw = unpacking.decompress(raw, _LARGEST_PICTURE)
        require(unpacking.eof, "a picture that unpacks to more than fits")
    if (found := jpeg_without_metadata(raw)) != raw or named[0] == _FLATE:
        stream.write(found, filter=pikepdf.Name.DCTDecode)


def _drop(item: pikepdf.Object, name: str) -> None:
    if name in item:
        del item[name]
