"""Files for outside: a case, and everything for leaving this system; readable without our code."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import Application, Base
from accreditation.services import storage, stored
from accreditation.services.privacy import casefile, journal, redaction, rows
from accreditation.services.privacy.map import SECRETS, TABLES

_ABOUT = """Everything that an accreditation system kept, made on {at}.

schema.json          the tables: columns, types, keys, and what is personal in them
tables/<name>.jsonl  one row in each line, as a JSON object in UTF-8; instants are UTC (ISO 8601),
                     days are those of Japan; bytes are base64
files/<sha256>       the files that rows name by their SHA-256: evidence, certificates, notices

Left out are passwords, tokens and other secrets, which schema.json names.
"""


def export_case(case: Application, target: Path, *, redact: bool) -> None:
    """Write a case's file into a ZIP file: JSON and text, and its evidence unless redacted.

    FileExistsError when the file is there already.
    """
    file = casefile.of(case)
    shown = redaction.redacted(file, case) if redact else file
    with rows.new_zip(target) as archive:
        archive.writestr("case.json", _json(shown))
        archive.writestr("case.txt", "\n".join(_lines(shown)))
        for one in [] if redact else casefile.evidence_of(case):
            archive.writestr(f"files/{one.key}-{one.name}", storage.get(one.sha256))
    journal.write_down("export_case", case=case.key, redacted=redact)


def export_all(target: Path) -> dict[str, int]:
    """Write every table and file into a ZIP file, of one moment; gives the rows of each table.

    FileExistsError when the file is there already.
    """
    counts: dict[str, int] = {}
    db.session.rollback()
    db.session.connection(execution_options={"isolation_level": rows.one_moment()})
    with rows.new_zip(target) as archive:
        archive.writestr("README.txt", _ABOUT.format(at=clock.now().isoformat()))
        archive.writestr("schema.json", _json(_schema()))
        for table in Base.metadata.sorted_tables:
            with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as file:
                counts[table.name] = 0
                for row in rows.of_table(table.name):
                    file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
                    counts[table.name] += 1
        for sha256 in stored.named(db.session.connection()):
            archive.writestr(f"files/{sha256}", storage.get(sha256))
    journal.write_down("export_all")
    return counts


def _schema() -> dict[str, Any]:
    return {
        "secrets_left_out": sorted(SECRETS),
        "tables": {table.name: _described(table) for table in Base.metadata.sorted_tables},
    }


def _described(table: Table) -> dict[str, Any]:
    personal = TABLES[table.name].personal
    columns = [table.columns[name] for name in rows.shown_columns(table)]
    return {
        "key": [column.name for column in table.primary_key.columns],
        "columns": {
            column.name: {
                "type": str(column.type),
                "may_be_null": bool(column.nullable),
                "points_to": [key.target_fullname for key in column.foreign_keys],
                "personal": personal[column.name].title if column.name in personal else None,
            }
            for column in columns
        },
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _lines(value: Any, depth: int = 0) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Write JSON for people: a line for each value, deeper ones further in."""
    room = "  " * depth
    listed = value if isinstance(value, dict) else {f"{n}.": v for n, v in enumerate(value, 1)}
    for name, one in listed.items():
        if isinstance(one, dict | list) and one:
            yield f"{room}{name}"
            yield from _lines(one, depth + 1)
        elif one not in (None, "", [], {}):
            text = str(one).rstrip().replace("\n", f"\n{room}  ")
            yield f"{room}{name}: {text}"
