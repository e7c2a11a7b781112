"""The history of a case in words: each entry with its title, who it was and what they wrote."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from accreditation.models import HistoryEntry, Office
from accreditation.web.offices import OFFICES
from accreditation.web.page import listed
from workflows.accreditation import ACCREDITATION
from workflows.application import APPLICATION
from workflows.engine import N_, Party, Workflow
from workflows.incentive import INCENTIVE
from workflows.review import REVIEW

WORKFLOWS: dict[str, Workflow[Any]] = {
    workflow.name: workflow for workflow in (APPLICATION, REVIEW, ACCREDITATION, INCENTIVE)
}
# Acts that change no state, and so stand in no table of steps.
ACTS = {
    ("application", "start"): N_("Application started"),
    ("application", "reconcile"): N_("Difference settled"),
    ("application", "compare_names"): N_("Names compared with others"),
    ("application", "open_original"): N_("Original of a file opened"),
    ("review", "assign"): N_("Reviewer asked"),
    ("review", "reconsider"): N_("Finding reconsidered"),
    ("accreditation", "grant"): N_("Number given and certificate ordered"),
    ("incentive", "offer"): N_("Incentive recorded"),
    ("person", "sign_up"): N_("Account opened"),
    ("person", "appoint"): N_("Appointed"),
    ("person", "dismiss"): N_("Appointment ended"),
    ("person", "close"): N_("Account closed"),
    ("person", "ask_to_close"): N_("Closing asked for"),
    ("person", "keep_open"): N_("Account kept open"),
    ("person", "forget"): N_("Person forgotten"),
    ("person", "end_sessions"): N_("Sessions ended"),
    ("person", "change_password"): N_("Password changed"),
    ("person", "change_address"): N_("Address changed"),
    ("person", "take_address_back"): N_("Address taken back"),
    ("person", "add_authenticator"): N_("Authenticator set up"),
    ("person", "remove_authenticator"): N_("Authenticator removed"),
    ("person", "make_recovery_codes"): N_("Recovery codes made"),
    ("person", "use_recovery_code"): N_("Recovery code used"),
    ("person", "add_passkey"): N_("Passkey added"),
    ("person", "remove_passkey"): N_("Passkey removed"),
    ("person", "reset_factors"): N_("Second factors removed"),
}
PARTIES: dict[str, str] = {
    Party.OPERATOR: N_("Operator"),
    Party.OFFICE: N_("Office"),
    Party.REVIEWER: N_("Reviewer"),
    Party.COUNCIL: N_("Council"),
    Party.SYSTEM: N_("System"),
    "person": N_("Owner of the account"),
    "administrator": N_("Administrator"),
}
_DETAILS = ("reviewer", "item", "number")  # worth a word in the title
# Of a case and what it led to, its operator is told these acts, and the reasons of those that were
# written for it.
_DECIDED = ("refuse", "accredit", "accredit_with_conditions")
_ON_WHAT_WAS_GRANTED = ("suspend", "lift", "withdraw", "surrender")
_REASONED = {
    *(("application", act) for act in ("return", "decline", "lapse", "withdraw", *_DECIDED)),
    *(("accreditation", act) for act in _ON_WHAT_WAS_GRANTED),
}
_TOLD = {
    ("application", "start"),
    *(("application", step.name) for step in APPLICATION.steps),
    *_REASONED,
}


@dataclass(frozen=True)
class Event:
    """One entry as the timeline shows it."""

    at: datetime
    title: str
    who: str
    note: str


def shown(entries: Iterable[HistoryEntry]) -> list[Event]:
    """Turn history entries into events, newest first."""
    newest_first = sorted(entries, key=lambda entry: entry.sequence, reverse=True)
    return [Event(one.at, title(one), who(one), note(one)) for one in newest_first]


def told(entries: Iterable[HistoryEntry]) -> list[Event]:
    """Turn history entries into what the operator is told, newest first.

    How the case was evaluated is left out, and so are the names and the internal notes of the
    other side.
    """
    own = [one for one in entries if _key(one) in _TOLD]
    newest_first = sorted(own, key=lambda entry: entry.sequence, reverse=True)
    return [_told(one) for one in newest_first]


def _told(entry: HistoryEntry) -> Event:
    mine = entry.party == Party.OPERATOR
    by = who(entry) if mine else str(_(PARTIES[entry.party]))
    return Event(entry.at, title(entry), by, note(entry) if _key(entry) in _REASONED else "")


def _key(entry: HistoryEntry) -> tuple[str, str]:
    return entry.subject_type, entry.act


def title(entry: HistoryEntry) -> str:
    """Say what was done, in the reader's language."""
    known = ACTS.get(_key(entry))
    happened = str(_(known or WORKFLOWS[entry.subject_type].step(entry.act).done))
    details = entry.detail.content["details"] if entry.detail else {}
    told = [str(details[name]) for name in _DETAILS if details.get(name)]
    if office := details.get("office"):
        told.append(str(OFFICES[Office(office)]))
    if edition := details.get("edition"):
        told.append(_("edition %(number)s", number=edition))
    if not told:
        return happened
    return str(_("%(happened)s (%(details)s)", happened=happened, details=listed(told)))


def who(entry: HistoryEntry) -> str:
    """Say who did it: the name, unless it was erased, and as what."""
    party = str(_(PARTIES[entry.party]))
    name = entry.detail.content["name"] if entry.detail else _("name erased")
    return str(_("%(name)s, %(party)s", name=name, party=party)) if name else party


def note(entry: HistoryEntry) -> str:
    """Give the reason that was written, unless it was erased."""
    return str(entry.detail.content["note"]) if entry.detail else ""
