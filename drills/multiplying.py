"""Many accredited cases from one that was made by the real steps, row by row and in the chain.

Each copy has an operator, a site and a case of its own with everything that hangs on it, other keys
and names, and its entries at the end of the history. All invariants hold for them.
"""

import hashlib
import json
import secrets
from collections.abc import Iterator
from typing import Any

from sqlalchemy import JSON, Table, func, insert, or_, select, update

from accreditation.extensions import db
from accreditation.models import Application, Base, HistoryHead, NumberSeries
from accreditation.models.base import new_key
from accreditation.services.canonical import canonical, sha256_of

AT_ONCE = 100  # copies
TABLES = Base.metadata.tables
_BY_CASE = ("answers", "evidence", "submissions", "reviews", "decisions", "certificates", "mails")
Row = dict[str, Any]


class Multiplier:
    """Copies one accredited case; the rows are read once, before the first copy."""

    def __init__(self, case: Application, only: frozenset[str] = frozenset(TABLES)) -> None:
        """Read the rows of a case and all that hangs on it, or those of some tables alone.

        With some tables alone the copies are no whole cases: good for asking those tables quickly.
        """
        site, number = case.site, case.id
        self._rows = {name: _read(name, application_id=number) for name in _BY_CASE}
        self._rows |= {
            "operators": _read("operators", id=site.operator_id),
            "memberships": _read("memberships", operator_id=site.operator_id),
            "sites": _read("sites", id=site.id),
            "applications": _read("applications", id=number),
            "accreditations": _read("accreditations", site_id=site.id),
        }
        of = {name: [row["id"] for row in rows] for name, rows in self._rows.items()}
        documents = [row["document_id"] for row in self._rows["certificates"]]
        self._rows["attachments"] = _read("attachments", answer_id=of["answers"])
        self._rows["findings"] = _read("findings", review_id=of["reviews"])
        self._rows["certified_indicators"] = _read(
            "certified_indicators", accreditation_id=of["accreditations"]
        )
        self._rows["documents"] = _read("documents", id=documents)
        self._rows = {name: rows for name, rows in self._rows.items() if name in only}
        written = _entries(number, site.operator_id, site.id)
        self._entries = written if "history" in only else []
        self._numbered = [name for name in self._rows if "id" in TABLES[name].columns]
        self._next = {name: _highest(TABLES[name]) for name in self._numbered}
        head = db.session.get_one(HistoryHead, 1)
        self._last, self._previous = head.sequence, head.hash
        self._made = 1

    def make(self, copies: int) -> Iterator[list[Row]]:
        """Write so many copies, committing often; gives the rows of evidence of each batch.

        The caller may change name, size and hash of those rows before it goes on.
        """
        while copies > 0:
            batch: dict[str, list[Row]] = {name: [] for name in (*self._rows, *_HISTORY)}
            for _ in range(min(copies, AT_ONCE)):
                self._copy(batch)
            yield batch.get("evidence", [])
            for table in Base.metadata.sorted_tables:
                if rows := batch.get(table.name):
                    db.session.execute(insert(table), rows)
            head = {"sequence": self._last, "hash": self._previous}
            db.session.execute(update(HistoryHead).values(**head))
            db.session.execute(
                update(NumberSeries).where(NumberSeries.last > 0).values(last=self._made)
            )
            db.session.commit()
            copies -= AT_ONCE

    def _copy(self, batch: dict[str, list[Row]]) -> None:
        self._made += 1
        ids = {
            name: {row["id"]: self._taken(name) for row in self._rows[name]}
            for name in self._numbered
        }
        first = self._last + 1
        ids["history"] = {
            entry["sequence"]: first + at for at, (entry, _) in enumerate(self._entries)
        }
        words = self._words()
        for name, rows in self._rows.items():
            batch[name] += [_changed(TABLES[name], row, ids, words) for row in rows]
        for sent in batch.get("submissions", [])[-len(self._rows.get("submissions", ())) :]:
            sent["sha256"] = sha256_of(sent["content"])
        for entry, detail in self._entries:
            made, beside = self._linked(entry, detail, ids)
            batch["history"].append(made)
            batch["history_details"].append(beside)

    def _taken(self, name: str) -> int:
        self._next[name] += 1
        return self._next[name]

    def _words(self) -> dict[str, str]:
        """Say which words of the first case another one has in their place."""
        said = {}
        for rows in self._rows.values():
            for row in rows:
                for name in ("key", "code", "message_id"):
                    if row.get(name):
                        said[row[name]] = new_key() + secrets.token_hex(len(row[name]) // 4)
                if "key" in row:
                    said[row["key"]] = new_key()
                for name in ("name_ja", "name_en"):
                    if row.get(name):
                        said[row[name]] = f"{row[name]} {self._made}"
        number = self._rows["accreditations"][0]["number"]
        said[number] = f"{number[:-4]}{self._made:04}"
        return said

    def _linked(self, entry: Row, detail: Row, ids: dict[str, dict[int, int]]) -> tuple[Row, Row]:
        self._last += 1
        table = {"person": "people", "application": "applications"}.get(
            entry["subject_type"], f"{entry['subject_type']}s"
        )
        subject = ids.get(table, {}).get(entry["subject_id"], entry["subject_id"])
        case = ids["applications"].get(entry["application_id"])
        salt = secrets.token_hex(32)
        commitment = hashlib.sha256(salt.encode() + canonical(detail["content"])).hexdigest()
        made = {**entry, "sequence": self._last, "subject_id": subject, "application_id": case}
        made |= {"commitment": commitment, "previous_hash": self._previous}
        del made["hash"]
        self._previous = sha256_of([*({**made, "at": made["at"].isoformat()}).values()])
        beside = {"sequence": self._last, "salt": salt, "content": detail["content"]}
        return {**made, "hash": self._previous}, beside


_HISTORY = ("history", "history_details")


def _read(name: str, **where: Any) -> list[Row]:  # noqa: ANN401 - a value of any column, or several
    table = TABLES[name]
    chosen = [
        table.c[column].in_(value) if isinstance(value, list) else table.c[column] == value
        for column, value in where.items()
    ]
    return [dict(row) for row in db.session.execute(select(table).where(*chosen)).mappings()]


def _entries(case: int, operator: int, site: int) -> list[tuple[Row, Row]]:
    entries, details = TABLES["history"], TABLES["history_details"]
    of = entries.c.subject_type, entries.c.subject_id
    chosen = select(entries).where(
        or_(
            entries.c.application_id == case,
            (of[0] == "operator") & (of[1] == operator),
            (of[0] == "site") & (of[1] == site),
        )
    )
    found = []
    for row in db.session.execute(chosen.order_by(entries.c.sequence)).mappings():
        beside = select(details).where(details.c.sequence == row["sequence"])
        found.append((dict(row), dict(db.session.execute(beside).mappings().one())))
    return found


def _highest(table: Table) -> int:
    return db.session.scalar(select(func.max(table.c.id))) or 0


def _changed(table: Table, row: Row, ids: dict[str, dict[int, int]], words: dict[str, str]) -> Row:
    """Give a row other numbers and words, wherever it names something of the case."""
    made = dict(row)
    if table.name in ids:
        made["id"] = ids[table.name][row["id"]]
    for column in table.columns:
        value = made[column.name]
        for key in column.foreign_keys:
            made[column.name] = ids.get(key.column.table.name, {}).get(value, value)
        if isinstance(column.type, JSON):
            made[column.name] = json.loads(_said(json.dumps(value, ensure_ascii=False), words))
        elif isinstance(value, str) and not column.foreign_keys:
            made[column.name] = _said(value, words)
    return made


def _said(text: str, words: dict[str, str]) -> str:
    for before, after in words.items():
        if before in text:
            text = text.replace(before, after)
    return text
