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
    schemes,
)
from accreditation.services.entries import Entry, entry_of
from workflows.accreditation import Standing
from workflows.application import EDITABLE, ApplicationState


@dataclass(frozen=True)
class Action:
    """What a person can do next about a site."""

    label: str
    url: str


@dataclass(frozen=True)
class SiteCard:
    """A site, its newest accreditation, its applications with the newest first."""

    site: Site
    kind: Text | None
    entry: Entry | None
    applications: list[Application]
    action: Action | None


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

    def card(site: Site) -> SiteCard:
        entry = entry_of(granted[site.id]) if site.id in granted else None
        known = written[site.id]
        action = next_action(site, known, offered, renewal=entry is not None and is_held(entry))
        return SiteCard(site, kinds.get(site.kind), entry, known, action)

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


def is_held(entry: Entry) -> bool:
    """Say whether a site still has its accreditation, so that a new certificate renews it."""
    return entry.standing not in {Standing.WITHDRAWN, Standing.SURRENDERED}
