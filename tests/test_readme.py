"""The README says what the code does: settings, commands and diagram are compared."""

import re
from pathlib import Path
from typing import Any

import click

from accreditation.cli import accreditation
from accreditation.config import PACKAGE, Settings
from workflows.application import APPLICATION

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def _shown(default: Any) -> str:
    if default in (None, "") or "Secret" in type(default).__name__:
        return "none"
    if default == PACKAGE / "schemes":
        return "the package's own"
    return f"`{int(default) if isinstance(default, bool) else default}`"


def settings_table() -> str:
    """Write the table of settings as the README shows it."""
    return "\n".join(
        f"| `{name.upper()}` | {_shown(field.default)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    )


def test_settings_stand_in_the_readme() -> None:
    """Every setting, its default and its meaning."""
    assert settings_table() in README


def test_the_diagram_is_drawn_from_the_table_of_steps() -> None:
    """The diagram in the README is the one that the code draws."""
    assert f"```mermaid\n{APPLICATION.diagram()}\n```" in README


def _commands(group: click.Group, prefix: str = "") -> set[str]:
    found = set()
    for name, command in group.commands.items():
        if isinstance(command, click.Group) and name != "db":
            found |= _commands(command, f"{prefix}{name} ")
        elif name != "db":
            found.add(f"{prefix}{name}")
    return found


def test_commands_stand_in_the_readme() -> None:
    """Every console command is listed, and none that is gone."""
    rows = re.findall(r"^\| `accreditation ([a-z -]+?)(?: [A-Z ]+)?` \|", README, re.MULTILINE)
    assert set(rows) == _commands(accreditation)


def test_pictures_are_there() -> None:
    """Every picture and every document that the README names exists."""
    root = Path(__file__).parent.parent
    links = re.findall(r"\]\(([^)#:]+)\)", README) + re.findall(r'src="([^"]+)"', README)
    assert links
    assert [link for link in links if not (root / link).exists()] == []
