"""What never changes, guarded by triggers; keys of forms that were done; the stop switch.

The triggers stand in accreditation/models/triggers.py too: on SQLite a later migration that builds
one of these tables anew loses its triggers and has to make them again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BODY = "BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END"
WHOLE = {
    "history": "an entry is never changed and never deleted",
    "decisions": "a decision is never changed and never deleted",
    "certificates": "an edition is never changed and never deleted",
    "scheme_versions": "a published version is never changed and never deleted",
}
SENT = "what was sent is never changed and never deleted"
SENT_FACTS = "UPDATE OF id, application_id, number, sha256, sent_by_id, sent_at"
ERASING = "UPDATE OF content"  # allowed while the row says that it is erased
PARTS = [
    ("submissions", SENT_FACTS, SENT),
    ("submissions", ERASING, SENT),
    ("submissions", "DELETE", SENT),
    ("history_details", "UPDATE", "details are never changed; erasing deletes them"),
    ("accreditations", "UPDATE OF number, site_id", "number and site never change"),
    ("accreditations", "DELETE", "an accreditation is never deleted"),
]


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "idempotency_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=60), nullable=False),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_idempotency_keys_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_keys")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_idempotency_keys_key_hash")),
    )
    op.create_index("ix_idempotency_keys_done_at", "idempotency_keys", ["done_at"])
    op.create_index("ix_idempotency_keys_person_id", "idempotency_keys", ["person_id"])
    op.create_table(
        "switches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "name",
            sa.Enum(
                "issuance",
                name="switchname",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(paused_at IS NULL) = (length(trim(reason)) = 0)",
            name=op.f("ck_switches_reason_while_paused"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_switches")),
        sa.UniqueConstraint("name", name=op.f("uq_switches_name")),
    )
    with op.batch_alter_table("submissions") as batch:
        batch.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("mails") as batch:
        batch.add_column(sa.Column("history_sequence", sa.Integer(), nullable=True))
        batch.create_index("ix_mails_history_sequence", ["history_sequence"])
        batch.create_foreign_key(
            op.f("fk_mails_history_sequence_history"), "history", ["history_sequence"], ["sequence"]
        )
    _guard()


def downgrade() -> None:
    """Go back."""
    for table, change, _sentence in _guarded():
        where = "" if _sqlite() else f" ON {table}"
        op.execute(f"DROP TRIGGER {_name(table, change)}{where}")
    if not _sqlite():
        op.execute("DROP FUNCTION refuse_change()")
    with op.batch_alter_table("submissions") as batch:
        batch.drop_column("erased_at")
    with op.batch_alter_table("mails") as batch:
        batch.drop_constraint(op.f("fk_mails_history_sequence_history"), type_="foreignkey")
        batch.drop_index("ix_mails_history_sequence")
        batch.drop_column("history_sequence")
    op.drop_table("switches")
    op.drop_index("ix_idempotency_keys_person_id", "idempotency_keys")
    op.drop_index("ix_idempotency_keys_done_at", "idempotency_keys")
    op.drop_table("idempotency_keys")


def _guard() -> None:
    if not _sqlite():
        op.execute(
            f"CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $${BODY}$$"
        )
    for table, change, sentence in _guarded():
        head = f"CREATE TRIGGER {_name(table, change)} BEFORE {change} ON {table}"
        says = f"{table}: {sentence}"
        each = "STATEMENT" if change == "TRUNCATE" else "ROW"
        only = " WHEN ((new.erased_at IS NULL))" if change == ERASING else ""
        on_postgresql = f"{head} FOR EACH {each}{only} EXECUTE FUNCTION refuse_change('{says}')"
        on_sqlite = f"{head}{only} BEGIN SELECT RAISE(ABORT, '{says}'); END"
        op.execute(on_sqlite if _sqlite() else on_postgresql)


def _guarded() -> list[tuple[str, str, str]]:
    changes = ["UPDATE", "DELETE"] if _sqlite() else ["UPDATE", "DELETE", "TRUNCATE"]
    whole = [(table, one, says) for table, says in WHOLE.items() for one in changes]
    emptied = [] if _sqlite() else [("submissions", "TRUNCATE", SENT)]
    return whole + PARTS + emptied


def _name(table: str, change: str) -> str:
    part = "content" if change == ERASING else change.split(maxsplit=1)[0].lower()
    return f"{table}_refuse_{part}"


def _sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
