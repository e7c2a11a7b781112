"""Reading a long chain quickly: how far it certainly holds, from the rows as they lie there.

A million entries are to be checked in seconds, so none becomes an object. What is not exactly as
this system writes it ends the quick reading; `history.verify` looks at the rest one by one.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from json.encoder import encode_basestring as quoted
from typing import Any

from sqlalchemy import text

from accreditation.extensions import db
from accreditation.services.canonical import canonical

_AT_ONCE = 2_000  # rows
_ROWS = text(
    "SELECT h.sequence, h.at, h.subject_type, h.subject_id, h.application_id, h.act, h.party,"
    " h.from_state, h.to_state, h.commitment, h.previous_hash, h.hash, d.salt,"
    " CAST(d.content AS TEXT)"
    " FROM history h LEFT JOIN history_details d ON d.sequence = h.sequence ORDER BY h.sequence"
)


def held_up_to(genesis: str) -> tuple[int, str]:
    """Give sequence and hash of the last entry up to which all certainly holds; 0 for none."""
    with db.session.execute(_ROWS, execution_options={"yield_per": _AT_ONCE}) as rows:
        return _held(rows, genesis)


class _Words(dict[str | None, str]):
    """How each of the few words of all entries is written in JSON; TypeError for other things."""

    def __missing__(self, word: str | None) -> str:
        self[word] = "null" if word is None else quoted(word)
        return self[word]


def _held(rows: Iterable[Any], genesis: str) -> tuple[int, str]:
    last, previous, words = 0, genesis, _Words()
    try:
        for row in rows:
            sequence, at, kind, number, case, act, party, before, after, *hashes = row
            commitment, previous_hash, own_hash, salt, content = hashes
            # The canonical form of the list that `history` hashes, written directly.
            line = (
                f'[{sequence:d},"{_moment(at)}",{words[kind]},{number:d},'
                f"{'null' if case is None else f'{case:d}'},{words[act]},{words[party]},"
                f'{words[before]},{words[after]},"{commitment}","{previous_hash}"]'
            )
            if (
                sequence != last + 1
                or previous_hash != previous
                or sha256(line.encode()).hexdigest() != own_hash
                or (salt is not None and not _kept(salt, content, commitment))
            ):
                break
            last, previous = sequence, own_hash
    except (AttributeError, TypeError, ValueError):  # of another kind than any that is written
        pass
    return last, previous


def _moment(stored: str | datetime) -> str:
    """Write an instant as `isoformat` does, from what the driver gives; ValueError if it can't."""
    if isinstance(stored, datetime):
        return stored.astimezone(UTC).isoformat()
    day, _, hour = stored.partition(" ")
    return f"{day}T{hour.removesuffix('.000000')}+00:00"


def _kept(salt: str, content: str, commitment: str) -> bool:
    """Compare details with their commitment, as they lie there or put in order first."""
    if sha256(f"{salt}{content}".encode()).hexdigest() == commitment:
        return True
    return sha256(salt.encode() + canonical(json.loads(content))).hexdigest() == commitment
