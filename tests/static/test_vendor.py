"""What we ship of others is complete, unchanged and carries its licence."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

ROOT = Path(__file__).parents[2]
VENDOR = ROOT / "accreditation/static/vendor"
MANIFEST = json.loads((VENDOR / "manifest.json").read_text())


def test_each_file_is_the_one_in_the_manifest() -> None:
    for package in MANIFEST:
        for file in package["files"]:
            digest = hashlib.sha384((ROOT / file["path"]).read_bytes()).digest()
            assert file["integrity"] == "sha384-" + base64.b64encode(digest).decode(), file["path"]


def test_each_package_is_locked_in_this_version_and_has_its_licence() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for package in MANIFEST:
        assert lock["node_modules/" + package["name"]]["version"] == package["version"]
        assert any(Path(file["path"]).name == "LICENSE" for file in package["files"])


def test_nothing_lies_in_vendor_that_the_manifest_does_not_name() -> None:
    named = {ROOT / file["path"] for package in MANIFEST for file in package["files"]}
    found = {path for path in VENDOR.rglob("*") if path.is_file()} - {VENDOR / "manifest.json"}
    assert found <= named


def test_our_style_sheets_stay_small() -> None:
    sheets = [*(VENDOR.parent / "css").glob("*.css"), *VENDOR.rglob("*.css")]
    assert sum(path.stat().st_size for path in sheets) < 60_000
