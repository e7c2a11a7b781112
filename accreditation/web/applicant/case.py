"""An application as its operator sees it: what is left to do, then what happened and came of it."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from accreditation.models import Application, Certificate, Decision, Incentive
from accreditation.schemes.model import Item
from accreditation.schemes.rules import Result
from accreditation.services import (
    accreditations,
    applications,
    history,
    incentives,
    results,
)
from accreditation.services.entries import entry_of
from accreditation.services.schemes import scheme_of
from accreditation.web import timeline
from accreditation.web.applicant import standing
from accreditation.web.applicant.standing import Today
from accreditation.web.language import language_now
from workflows.application import DECIDED


@dataclass(frozen=True)
class Task:
    """One line of the task list."""

    name: str
    url: str
    status: str
    tone: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Progress:
    """How far the answers are."""

    tasks: list[Task]
    answered: int
    asked: int


@dataclass(frozen=True)
class Outcome:
    """What the council decided, on which findings, and what came of it."""

    decision: Decision
    result: Result
    certificate: Certificate | None
    incentives: list[Incentive]
    standing: Today | None


def progress(application: Application) -> Progress:
    """List the indicators of an application with how many of their items have an answer."""
    open_items = {item.id for item in applications.unanswered(application)}
    scheme, tasks = scheme_of(application.scheme_version), []
    for number in application.indicators:
        indicator = scheme.indicator(number)
        items = indicator.items_of(application.site.kind)
        left = sum(item.id in open_items for item in items)
        name = f"{number}. {indicator.title.in_language(language_now())}"
        url = url_for(".indicator", application=application.key, number=number)
        tasks.append(Task(name, url, *_status(len(items), left)))
    asked = len(results.asked(application))
    return Progress(tasks, asked - len(open_items), asked)


def _status(items: int, left: int) -> tuple[str, str]:
    if left == 0:
        return _("Completed"), ""
    if left == items:
        return _("Not started"), "neutral"
    return _("%(done)s of %(all)s answered", done=items - left, all=items), "info"


def item_urls(application: Application) -> Callable[[Item], str]:
    """Make the function that gives the address where an item is answered."""
    numbers = {
        item.id: indicator.id
        for indicator in scheme_of(application.scheme_version).indicators
        for item in indicator.items
    }

    def item_url(item: Item) -> str:
        key, anchor = application.key, f"item-{item.id}"
        return url_for(".indicator", application=key, number=numbers[item.id], _anchor=anchor)

    return item_url


def outcome(application: Application) -> Outcome | None:
    """Give the decision and what came of it, once there is one."""
    if application.state not in DECIDED:
        return None
    certificate = accreditations.certificate_of(application)
    return Outcome(
        accreditations.decision_of(application),
        results.agreed(application),
        certificate,
        incentives.of_certificates([certificate]) if certificate else [],
        standing.of(entry_of(certificate.accreditation)) if certificate else None,
    )


def events(application: Application) -> list[timeline.Event]:
    """List the steps of an application and of what it led to, as far as its operator is told.

    Newest first; with them those of the accreditation through all its renewals.
    """
    entries = {one.sequence: one for one in history.of_application(application.id)}
    if certificate := accreditations.certificate_of(application):
        granted = history.of_subject("accreditation", certificate.accreditation_id)
        entries |= {one.sequence: one for one in granted}
    return timeline.told(entries.values())


def last_reason(application: Application, act: str) -> timeline.Event | None:
    """Give the last event of an act, with its reason, if there was one."""
    entries = [entry for entry in history.of_application(application.id) if entry.act == act]
    return next(iter(timeline.told(entries)), None)
