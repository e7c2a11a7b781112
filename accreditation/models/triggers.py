"""What the database itself refuses to change: triggers, each with the sentence that it answers.

The migrations write them down on their own; this list says which of them have to be there now.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, text

FUNCTION = "refuse_change"  # PostgreSQL's triggers call it; it raises the sentence handed over
FUNCTION_BODY = (
    "BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END"
)
_BODY = text(
    "SELECT prosrc FROM pg_proc"
    " WHERE proname = :function AND pronamespace = current_schema()::regnamespace"
)
_TRIGGERS = text(
    "SELECT t.tgname, pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c"
    " ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')"
    " AND c.relnamespace = current_schema()::regnamespace"
)


@dataclass(frozen=True)
class Frozen:
    """A kind of change that a table refuses: UPDATE, UPDATE OF some columns, DELETE, TRUNCATE.

    `when` is a condition on the row, written as PostgreSQL tells it back; always, when it is empty.
    """

    table: str
    change: str
    sentence: str
    part: str = ""
    when: str = ""

    @property
    def name(self) -> str:
        """The trigger's name, such as history_refuse_update; `part` tells several apart."""
        return f"{self.table}_refuse_{self.part or self.change.split(maxsplit=1)[0].lower()}"

    def created(self, dialect: str) -> str:
        """Give the statement that makes the trigger, as the database tells it back."""
        head = f"CREATE TRIGGER {self.name} BEFORE {self.change} ON {self.table}"
        says = f"{self.table}: {self.sentence}"
        only = f" WHEN (({self.when}))" if self.when else ""
        if dialect == "sqlite":
            return f"{head}{only} BEGIN SELECT RAISE(ABORT, '{says}'); END"
        each = "STATEMENT" if self.change == "TRUNCATE" else "ROW"
        return f"{head} FOR EACH {each}{only} EXECUTE FUNCTION {FUNCTION}('{says}')"

    def dropped(self, dialect: str) -> str:
        """Give the statement that takes the trigger away."""
        where = "" if dialect == "sqlite" else f" ON {self.table}"
        return f"DROP TRIGGER {self.name}{where}"


_ROWS = {
    "history": "an entry is never changed and never deleted",
    "decisions": "a decision is never changed and never deleted",
    "certificates": "an edition is never changed and never deleted",
    "scheme_versions": "a published version is never changed and never deleted",
}
_SENT = "what was sent is never changed and never deleted"
_FACTS = (
    Frozen(
        "submissions", "UPDATE OF id, application_id, number, sha256, sent_by_id, sent_at", _SENT
    ),
    Frozen("submissions", "UPDATE OF content", _SENT, "content", "new.erased_at IS NULL"),
    Frozen("submissions", "DELETE", _SENT),
    Frozen("history_details", "UPDATE", "details are never changed; erasing deletes them"),
    Frozen("accreditations", "UPDATE OF number, site_id", "number and site never change"),
    Frozen("accreditations", "DELETE", "an accreditation is never deleted"),
)


def expected(dialect: str) -> tuple[Frozen, ...]:
    """List the triggers that have to be there; only PostgreSQL has TRUNCATE."""
    changes = ("UPDATE", "DELETE") if dialect == "sqlite" else ("UPDATE", "DELETE", "TRUNCATE")
    whole = (Frozen(table, one, says) for table, says in _ROWS.items() for one in changes)
    emptied = () if dialect == "sqlite" else (Frozen("submissions", "TRUNCATE", _SENT),)
    return (*whole, *_FACTS, *emptied)


def found(connection: Connection) -> dict[str, str]:
    """Read the triggers that are there and work, by name, as the statements that make them."""
    if connection.dialect.name == "sqlite":
        listed = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return {str(row.name): str(row.sql) for row in connection.execute(listed)}
    body = connection.scalar(_BODY, {"function": FUNCTION})
    if body != FUNCTION_BODY:  # without it not one of them refuses anything
        return {}
    here = connection.scalar(text("SELECT current_schema()"))
    rows = connection.execute(_TRIGGERS)
    return {name: definition.replace(f" ON {here}.", " ON ") for name, definition in rows}
