"""Invariants between what is stored, the history that tells of it, and the mails about it."""
# ruff: noqa: S608 - the queries are put together from the constants of this module

from accreditation.services.invariants.stating import by_query
from accreditation.services.recipients import NOTIFY
from workflows.engine import Party

_TABLES = {
    "application": "applications",
    "review": "reviews",
    "accreditation": "accreditations",
    "incentive": "incentives",
}
_LAST = """
    SELECT '{kind}' AS kind, t.id AS row_id, t.state AS stored, (SELECT h.to_state FROM history h
        WHERE h.subject_type = '{kind}' AND h.subject_id = t.id AND h.to_state IS NOT NULL
        ORDER BY h.sequence DESC LIMIT 1) AS in_history
    FROM {table} t
"""
_STATES = " UNION ALL ".join(_LAST.format(kind=kind, table=t) for kind, t in _TABLES.items())
_TOLD = ", ".join(f"'{kind}/{act}'" for (kind, act), to in NOTIFY.items() if Party.OPERATOR in to)
_ENTRIES = """
    (SELECT count(*) FROM history h WHERE h.subject_type = '{kind}' AND h.subject_id = t.id
        AND h.act IN ({acts}))
"""


# What is counted for each case: in which table, and under which acts the history tells of it.
_COUNTED = (
    ("application", "submissions", "'submit', 'resubmit'"),
    ("application", "decisions", "'accredit', 'accredit_with_conditions', 'refuse'"),
    ("accreditation", "certificates", "'grant', 'renew'"),
)


def _counted(kind: str, table: str, acts: str) -> str:
    rows = f"(SELECT count(*) FROM {table} r WHERE r.{kind}_id = t.id)"
    entries = _ENTRIES.format(kind=kind, acts=acts)
    chosen = f"SELECT '{table} of {kind}' AS what, t.id AS row_id, {rows} AS stored"
    return f"{chosen}, {entries} AS entries FROM {_TABLES[kind]} t"


_OFFERS = _ENTRIES.format(kind="incentive", acts="'offer'")
_COUNTS = " UNION ALL ".join(
    (
        *(_counted(*one) for one in _COUNTED),
        f"SELECT 'offer of incentive', t.id, 1, {_OFFERS} FROM incentives t",
    )
)

TRACES = (
    by_query(
        "state_is_last_in_history",
        "Every case is in the state to which its last entry in the history brought it.",
        f"SELECT * FROM ({_STATES}) compared WHERE stored <> coalesce(in_history, 'none')",
    ),
    by_query(
        "states_follow_each_other",
        "In the history every step of a case begins in the state in which the last one ended.",
        """
        SELECT * FROM (SELECT sequence AS entry, subject_type AS kind, subject_id AS row_id,
            from_state, lag(to_state) OVER (
                PARTITION BY subject_type, subject_id ORDER BY sequence) AS before
            FROM history WHERE to_state IS NOT NULL) steps
        WHERE from_state IS NOT NULL AND from_state <> coalesce(before, 'none')
        """,
    ),
    by_query(
        "acts_are_in_history",
        "Every submission, decision, certificate and incentive has its entry in the history.",
        f"SELECT * FROM ({_COUNTS}) counted WHERE stored <> entries",
    ),
    by_query(
        "nothing_issued_while_paused",
        "No certificate was issued between a pause of issuing and its end.",
        """
        SELECT g.sequence AS entry, g.subject_id AS accreditation FROM history g
        WHERE g.subject_type = 'accreditation' AND g.act IN ('grant', 'renew')
            AND (SELECT s.act FROM history s WHERE s.subject_type = 'switch'
                AND s.sequence < g.sequence ORDER BY s.sequence DESC LIMIT 1) = 'pause'
        """,
    ),
    # Mails name their entry since version 0003 of the tables. Who was forgotten since has none
    # left, and to a closed account none is written: such cases prove nothing.
    by_query(
        "steps_have_their_mails",
        "Of every step that its operator is told of, a mail was written.",
        f"""
        SELECT h.sequence AS entry, h.subject_type AS kind, h.subject_id AS row_id, h.act
        FROM history h JOIN applications a ON a.id = h.application_id
            JOIN sites s ON s.id = a.site_id
        WHERE h.subject_type || '/' || h.act IN ({_TOLD})
            AND h.sequence >= (SELECT min(history_sequence) FROM mails)
            AND NOT EXISTS (SELECT 1 FROM mails w WHERE w.history_sequence = h.sequence)
            AND NOT EXISTS (SELECT 1 FROM history f WHERE f.subject_type = 'person'
                AND f.act = 'forget' AND f.sequence > h.sequence)
            AND NOT EXISTS (SELECT 1 FROM memberships m JOIN people p ON p.id = m.person_id
                WHERE m.operator_id = s.operator_id AND p.disabled_at IS NOT NULL)
            AND EXISTS (SELECT 1 FROM memberships m JOIN people p ON p.id = m.person_id
                WHERE m.operator_id = s.operator_id AND p.created_at <= h.at)
        """,
    ),
    by_query(
        "nobody_told_twice",
        "Nobody got two mails of the same step.",
        """
        SELECT history_sequence AS entry, min(id) AS mail, count(*) AS mails FROM mails
        WHERE history_sequence IS NOT NULL GROUP BY history_sequence, recipient HAVING count(*) > 1
        """,
    ),
)
