"""What a person finds on their home page: operators, sites, where each stands, what comes next."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from accreditation.models import Application, Call, Operator, Person, Site
from accreditation.schemes.model import Text
from accreditation.services import (
    accreditations,
    applications,
    calls,
    operators,
    queues,
    schemes,
)
from accreditation.services.entries import Entry, entry_of
from accreditation.web.applicant import standing
from accreditation.web.applicant.standing import Today
from workflows.accreditation import Standing
from workflows.application import EDITABLE, ApplicationState
from workflows.engine import Party


@dataclass(frozen=True)
class Action:
    """What a person can do next about a site."""

    label: str
    url: str


@dataclass(frozen=True)
class NoCall:
    """Why no open call takes an application of a site: those decided in one, and the next call."""

    decided: list[Application]
    following: Call | None


@dataclass(frozen=True)
class SiteCard:
    """A site, how its newest accreditation stands, its applications with the newest first.

    `parties` says by the id of an application who acts next in it; `no_call` stands where nothing
    is under way and nothing can be started.
    """

    site: Site
    kind: Text | None
    standing: Today | None
    applications: list[Application]
    parties: dict[int, Party | None]
    action: Action | None
    no_call: NoCall | None


@dataclass(frozen=True)
class OperatorCard:
    """An operator and its sites."""

    operator: Operator
    sites: list[SiteCard]


def of_person(person: Person) -> list[OperatorCard]:
    """Gather all that the home page shows, in a fixed number of queries."""
    mine = operators.of_person(person)
    sites = [site for operator in mine for site in operator.sites]
    granted, written = accreditations.newest_of(sites), applications.of_sites(sites)
    version, offered = schemes.current(), calls.open_calls()
    kinds = schemes.scheme_of(version).kinds if version else {}
    parties = queues.next_in([one for known in written.values() for one in known])
    stand, following = standing.of_all(map(entry_of, granted.values())), calls.next_call()

    def card(site: Site) -> SiteCard:
        today, known = stand[granted[site.id].id] if site.id in granted else None, written[site.id]
        renewal = today is not None and is_held(today.entry)
        action = next_action(site, known, offered, renewal=renewal)
        waits = action is None and applications.unfinished(known) is None
        no_call = NoCall(applications.decided_in(known, offered), following) if waits else None
        return SiteCard(site, kinds.get(site.kind), today, known, parties, action, no_call)

    return [OperatorCard(one, [card(site) for site in one.sites]) for one in mine]


def next_action(
    site: Site, known: list[Application], offered: list[Call], *, renewal: bool
) -> Action | None:
    """Say the one thing that the operator does next about a site, if anything."""
    running = applications.unfinished(known)
    if running is None:
        if not applications.calls_for(site, known, offered):
            return None
        label = _("Start the renewal") if renewal else _("Start an application")
        return Action(label, url_for(".start", site=site.key))
    if running.state not in EDITABLE:
        return None
    returned = running.state == ApplicationState.RETURNED
    label = _("Correct the application") if returned else _("Continue the application")
    return Action(label, url_for(".application", application=running.key))


def no_call(site: Site) -> NoCall | None:
    """Say why a site can't apply anew in any call now, or nothing when it can."""
    known, offered = applications.of_sites([site])[site.id], calls.open_calls()
    if applications.calls_for(site, known, offered):
        return None
    return NoCall(applications.decided_in(known, offered), calls.next_call())


def is_held(entry: Entry) -> bool:
    """Say whether a site still has its accreditation, so that a new certificate renews it."""
    return entry.standing not in {Standing.WITHDRAWN, Standing.SURRENDERED}
