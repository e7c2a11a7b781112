"""Reading PDF files with the tools that a recipient has: Poppler and qpdf."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pikepdf
import pytest
from PIL import Image


def run(tool: str, *arguments: str | Path, package: str = "poppler-utils") -> str:
    """Run a tool of Debian; where it is missing, fail in CI and skip elsewhere."""
    if shutil.which(tool) is None:
        reason = f"{tool} is missing: apt-get install {package}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    done = subprocess.run([tool, *arguments], capture_output=True, check=True)
    return done.stdout.decode(errors="replace")  # pdftotext -bbox misspells a title beyond U+FFFF


def saved(pdf: bytes, folder: Path) -> Path:
    path = folder / "document.pdf"
    path.write_bytes(pdf)
    return path


def text(pdf: bytes, page: int) -> str:
    """Return the text of a page, counted from 1, without the white space of its lines."""
    with tempfile.TemporaryDirectory() as folder:
        path = saved(pdf, Path(folder))
        words = run("pdftotext", "-raw", "-f", str(page), "-l", str(page), path, "-")
    return "".join(words.split())


def picture(pdf: bytes, page: int, dpi: int) -> Image.Image:
    with tempfile.TemporaryDirectory() as folder:
        path = saved(pdf, Path(folder))
        target = Path(folder) / "page"
        arguments = ("-f", str(page), "-l", str(page), "-r", str(dpi), "-singlefile", "-png")
        run("pdftoppm", *arguments, path, target)
        with Image.open(target.with_suffix(".png")) as opened:
            return opened.convert("L")


def pages(pdf: bytes) -> int:
    with tempfile.TemporaryDirectory() as folder, pikepdf.open(saved(pdf, Path(folder))) as opened:
        return len(opened.pages)
