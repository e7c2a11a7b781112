"""Build hook: compile the translations, so that wheel and checkout carry them."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileTranslations(BuildHookInterface):  # type: ignore[type-arg]
    """Write a .mo file beside each .po file; fuzzy entries stay out, as with pybabel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before anything is packed."""
        del version, build_data
        for source in Path(self.root, "accreditation/translations").glob("*/LC_MESSAGES/*.po"):
            with source.open("rb") as readable:
                catalogue = read_po(readable, locale=source.parts[-3])
            with source.with_suffix(".mo").open("wb") as writable:
                write_mo(writable, catalogue)
