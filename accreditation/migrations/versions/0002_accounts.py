"""Accounts: second factors, passkeys, invitations, roles at operators."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OFFICES = ("office", "reviewer", "council")
PURPOSES = ("sign_up", "new_password")
NEW_OFFICES = (*OFFICES, "administrator")
NEW_PURPOSES = ("sign_up", "sign_in", "new_password", "new_address", "keep_address", "keep_account")
ROLES = ("owner", "editor", "viewer")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "authenticators",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(length=400), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_authenticators_person_id_people")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_authenticators")),
    )
    op.create_table(
        "challenges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("challenge_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_challenges_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges")),
        sa.UniqueConstraint("challenge_hash", name=op.f("uq_challenges_challenge_hash")),
    )
    with op.batch_alter_table("challenges") as batch:
        batch.create_index(batch.f("ix_challenges_person_id"), ["person_id"], unique=False)

    op.create_table(
        "invitations",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column(
            "office",
            sa.Enum(
                "office",
                "reviewer",
                "council",
                "administrator",
                name="office",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("operator_id", sa.Integer(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "owner",
                "editor",
                "viewer",
                name="memberrole",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "(office IS NULL) <> (operator_id IS NULL)", name=op.f("ck_invitations_to_one_thing")
        ),
        sa.CheckConstraint(
            "(role IS NULL) = (operator_id IS NULL)", name=op.f("ck_invitations_role_of_operator")
        ),
        sa.CheckConstraint("length(trim(email)) > 0", name=op.f("ck_invitations_email_not_blank")),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["people.id"], name=op.f("fk_invitations_invited_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operators.id"], name=op.f("fk_invitations_operator_id_operators")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("key", name=op.f("uq_invitations_key")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
    )
    with op.batch_alter_table("invitations") as batch:
        batch.create_index(batch.f("ix_invitations_email"), ["email"], unique=False)
        batch.create_index(batch.f("ix_invitations_invited_by_id"), ["invited_by_id"], unique=False)
        batch.create_index(batch.f("ix_invitations_operator_id"), ["operator_id"], unique=False)

    op.create_table(
        "passkeys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_passkeys_name_not_blank")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_passkeys_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    with op.batch_alter_table("passkeys") as batch:
        batch.create_index(batch.f("ix_passkeys_person_id"), ["person_id"], unique=False)

    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_recovery_codes_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_codes_code_hash")),
    )
    with op.batch_alter_table("recovery_codes") as batch:
        batch.create_index(batch.f("ix_recovery_codes_person_id"), ["person_id"], unique=False)

    _add_to_what_is_there()


def downgrade() -> None:
    """Go back."""
    _take_from_what_was_there()
    with op.batch_alter_table("recovery_codes") as batch:
        batch.drop_index(batch.f("ix_recovery_codes_person_id"))

    op.drop_table("recovery_codes")
    with op.batch_alter_table("passkeys") as batch:
        batch.drop_index(batch.f("ix_passkeys_person_id"))

    op.drop_table("passkeys")
    with op.batch_alter_table("invitations") as batch:
        batch.drop_index(batch.f("ix_invitations_operator_id"))
        batch.drop_index(batch.f("ix_invitations_invited_by_id"))
        batch.drop_index(batch.f("ix_invitations_email"))

    op.drop_table("invitations")
    with op.batch_alter_table("challenges") as batch:
        batch.drop_index(batch.f("ix_challenges_person_id"))

    op.drop_table("challenges")
    op.drop_table("authenticators")


def _add_to_what_is_there() -> None:
    # Nothing tells how these sessions and links were proved: everybody signs in anew.
    op.execute("DELETE FROM sign_ins")
    op.execute("DELETE FROM one_time_links")
    _allow("appointments", "office", "office", NEW_OFFICES)
    _allow("one_time_links", "purpose", "linkpurpose", NEW_PURPOSES)
    role = sa.Enum(*ROLES, name="memberrole", native_enum=False, create_constraint=True, length=32)
    with op.batch_alter_table("memberships") as batch:
        batch.add_column(sa.Column("role", role, nullable=False, server_default="owner"))
    with op.batch_alter_table("memberships") as batch:
        batch.alter_column("role", server_default=None)
    with op.batch_alter_table("one_time_links") as batch:
        batch.add_column(sa.Column("person_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("made_at", sa.DateTime(timezone=True), nullable=False))
        batch.create_index("ix_one_time_links_person_id", ["person_id"])
        batch.create_foreign_key(
            op.f("fk_one_time_links_person_id_people"), "people", ["person_id"], ["id"]
        )
    with op.batch_alter_table("people") as batch:
        batch.add_column(
            sa.Column("short_password", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch.add_column(sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("people") as batch:
        batch.alter_column("short_password", server_default=None)
    with op.batch_alter_table("sign_ins") as batch:
        batch.add_column(sa.Column("proved_at", sa.DateTime(timezone=True), nullable=False))
        batch.add_column(sa.Column("second_factor_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("browser", sa.String(length=200), nullable=False))


def _take_from_what_was_there() -> None:
    op.execute("DELETE FROM sign_ins")
    op.execute("DELETE FROM one_time_links")
    op.execute("DELETE FROM appointments WHERE office = 'administrator'")
    with op.batch_alter_table("sign_ins") as batch:
        batch.drop_column("browser")
        batch.drop_column("second_factor_at")
        batch.drop_column("proved_at")
    with op.batch_alter_table("people") as batch:
        batch.drop_column("closes_at")
        batch.drop_column("short_password")
    with op.batch_alter_table("one_time_links") as batch:
        batch.drop_constraint(op.f("fk_one_time_links_person_id_people"), type_="foreignkey")
        batch.drop_index("ix_one_time_links_person_id")
        batch.drop_column("made_at")
        batch.drop_column("person_id")
    with op.batch_alter_table("memberships") as batch:
        batch.drop_constraint(op.f("ck_memberships_memberrole"), type_="check")
        batch.drop_column("role")
    _allow("one_time_links", "purpose", "linkpurpose", PURPOSES)
    _allow("appointments", "office", "office", OFFICES)


def _allow(table: str, column: str, name: str, values: tuple[str, ...]) -> None:
    """Say anew which values a column may hold."""
    listed = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        batch.create_check_constraint(
            op.f(f"ck_{table}_{name}"), sa.text(f"{column} IN ({listed})")
        )
