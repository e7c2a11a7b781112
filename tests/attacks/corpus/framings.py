"""Requests of which it can be doubted where they end (RFC 9112, sections 6 and 11.2)."""

SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
_HOST = b"Host: localhost\r\n"
_POST = b"POST /sign-in HTTP/1.1\r\n" + _HOST
_CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
_FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"  # then the application reads it
_END = b"0\r\n\r\n"


def _of_length(*lines: bytes, body: bytes = b"") -> bytes:
    return _POST + b"".join(line + b"\r\n" for line in lines) + b"\r\n" + body + SMUGGLED


def _chunks(body: bytes, kind: bytes = b"") -> bytes:
    return _POST + kind + _CHUNKED + body + SMUGGLED


FRAMINGS = {
    "length and chunks": _of_length(b"Content-Length: 5", b"Transfer-Encoding: chunked", body=_END),
    "chunks and length": _of_length(b"Transfer-Encoding: chunked", b"Content-Length: 5", body=_END),
    "two lengths": _of_length(b"Content-Length: 0", b"Content-Length: 44"),
    "two lengths in one": _of_length(b"Content-Length: 0, 44"),
    "a length with a sign": _of_length(b"Content-Length: +0"),
    "a length below none": _of_length(b"Content-Length: -1"),
    "a length in hexadecimal": _of_length(b"Content-Length: 0x0"),
    "a length with an underscore": _of_length(b"Content-Length: 0_0"),
    "a length in other digits": _of_length("Content-Length: ٠".encode()),
    "a space before the colon": _of_length(b"Content-Length : 0"),
    "a folded line": _of_length(b"X: y", b" Content-Length: 44"),
    "a folded coding": _of_length(b"Transfer-Encoding:", b" chunked", body=_END),
    "an unknown coding": _of_length(b"Transfer-Encoding: xchunked", body=_END),
    "chunks twice": _of_length(b"Transfer-Encoding: chunked, chunked", body=_END),
    "two codings": _of_length(
        b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity", body=_END
    ),
    "chunks not last": _of_length(b"Transfer-Encoding: chunked, gzip", body=_END),
    "a tab in the coding": _of_length(b"Transfer-Encoding: \x0bchunked", body=_END),
    "a line without CR": b"POST /sign-in HTTP/1.1\nHost: localhost\nContent-Length: 0\n\n"
    + SMUGGLED,
    "a lone CR": _of_length(b"X: y\rContent-Length: 44"),
    "a NUL": _of_length(b"X: \x00", b"Content-Length: 0"),
    "two hosts": _of_length(b"Host: evil.example", b"Content-Length: 0"),
    "chunks in HTTP/1.0": b"POST /sign-in HTTP/1.0\r\n" + _HOST + _CHUNKED + _END + SMUGGLED,
    "a chunk with a sign": _chunks(b"+5\r\nhello\r\n" + _END),
    "a chunk in 0x": _chunks(b"0x5\r\nhello\r\n" + _END),
    "a chunk that is too short": _chunks(b"3\r\nhello\r\n" + _END),
    "a chunk that ends without CR": _chunks(b"5\r\nhello\n" + _END),
    "a chunk with a broken extension": _chunks(b"5;\nx\r\nhello\r\n" + _END),
    "a chunk of a huge size": _chunks(b"ffffffffffffffff1\r\nhello\r\n" + _END),
    "a form with a sign": _chunks(b"+5\r\nhello\r\n" + _END, _FORM),
    "a form that is too short": _chunks(b"3\r\nhello\r\n" + _END, _FORM),
    "a form with a host in a trailer": _chunks(b"3\r\na=b\r\n0\r\nHost: x\r\n\r\n", _FORM),
    "a host in a trailer": _chunks(b"0\r\nHost: evil.example\r\n\r\n"),
}
# What must not be refused: the same two requests, framed as they should be.
RIGHTLY = {
    "by length": _of_length(b"Content-Length: 3", body=b"a=b"),
    "by chunks": _chunks(b"3\r\na=b\r\n" + _END),
}
