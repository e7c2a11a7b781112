"""What the templates write in the reader's language."""

import pytest
from flask import Flask
from flask_babel import force_locale

from accreditation.web import page


@pytest.mark.parametrize(
    ("length", "japanese", "english"),
    [
        (0, "0 バイト", "0 bytes"),
        (537, "537 バイト", "537 bytes"),
        (1024, "1 KB", "1 kB"),
        (1024 * 1024 + 1024 * 512, "1.5 MB", "1.5 MB"),
    ],
)
def test_the_size_of_a_file_has_a_unit_of_the_readers_language(
    context: Flask, length: int, japanese: str, english: str
) -> None:
    del context
    with force_locale("ja"):
        assert page.size(length) == japanese
    with force_locale("en"):
        assert page.size(length) == english
