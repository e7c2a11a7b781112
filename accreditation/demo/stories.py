"""What happens to a made-up site: from a draft that was never sent to a renewal."""

from collections.abc import Callable

from accreditation.demo.cast import CHAIR, OFFICE
from accreditation.demo.stage import Scenario, moment
from accreditation.demo.town import Town
from accreditation.models import Accreditation, Application, Site
from accreditation.services import applications, facts, incentives
from accreditation.services.steps import take_step

BASIC = (1, 2)
SOME = (1, 2, 3, 6)
EVERYTHING = (1, 2, 3, 4, 5, 6, 7, 8)
Story = Callable[[Town, Site], Scenario]


def drafted(leave_out: int) -> Story:
    """An application that was never sent."""

    def story(town: Town, site: Site) -> Scenario:
        yield moment(town.before(9))
        application = town.stage.apply(town.call, site, SOME)
        yield moment(town.before(8))
        town.stage.answer(application, leave_out=leave_out)

    return story


def sent(days: int, step: str = "", note: str = "") -> Story:
    """An application sent some days ago, and what the office did with it."""

    def story(town: Town, site: Site) -> Scenario:
        yield moment(town.before(days + 5))
        application = town.stage.apply(town.call, site, BASIC)
        town.stage.answer(application)
        yield moment(town.before(days))
        town.stage.send(application)
        if step == "withdraw":
            yield moment(town.before(days - 2))
            take_step(application, step, site.operator.memberships[0].person)
        elif step:
            yield moment(town.before(days - 2))
            town.stage.office(application, step, note)

    return story


def without_reviewers(town: Town, site: Site) -> Scenario:
    """One reviewer had a conflict of interest, another was released: nobody is left."""
    yield from sent(7, "accept")(town, site)
    application = _application(site)
    yield moment(town.before(4))
    review = town.stage.assign(application)
    note = "【見本】この事業者と取引があります。"
    take_step(review, "declare_conflict", review.reviewer, note=note)
    yield moment(town.before(3))
    note = "【見本】都合がつかないとの連絡がありました。"
    take_step(town.stage.assign(application), "release", town.stage.cast[OFFICE], note=note)


def half_reviewed(town: Town, site: Site) -> Scenario:
    """One reviewer is at work, the other has not declared yet."""
    yield from sent(20, "accept")(town, site)
    application = _application(site)
    yield moment(town.before(12))
    town.stage.judge(town.stage.open(town.stage.assign(application)), leave_out=6)
    yield moment(town.before(11))
    town.stage.assign(application)


def in_two_minds(town: Town, site: Site) -> Scenario:
    """Both reviews are in and differ."""
    yield from sent(25, "accept")(town, site)
    yield from town.stage.reviewed(_application(site), town.before(18), against=(0, 3))


def listed(indicators: tuple[int, ...], against: tuple[int, int] = (0, 0)) -> Story:
    """A case that waits for the council."""

    def story(town: Town, site: Site) -> Scenario:
        yield moment(town.before(50))
        application = town.stage.apply(town.call, site, indicators)
        yield from town.stage.listed(application, town.before(-2), against=against)

    return story


def decided(days: int, step: str, indicators: tuple[int, ...], **details: object) -> Story:
    """A case decided some days ago."""

    def story(town: Town, site: Site) -> Scenario:
        yield moment(town.before(days + 42))
        application = town.stage.apply(town.call, site, indicators)
        against = (3, 3) if step == "refuse" else (0, 0)
        yield from town.stage.listed(application, town.before(days), against=against)
        yield moment(town.before(days), 15)
        town.stage.decide(application, step, **details)

    return story


def once_accredited(days: int) -> Story:
    """An accreditation of the year before."""

    def story(town: Town, site: Site) -> Scenario:
        yield moment(town.before(days + 42))
        application = town.stage.apply(town.last_call, site, SOME)
        yield from town.stage.listed(application, town.before(days))
        yield moment(town.before(days), 15)
        town.stage.decide(application)

    return story


def then(first: Story, days: int, *steps: tuple[str, str]) -> Story:
    """A story, and what the council did to the accreditation afterwards, a day apart."""

    def story(town: Town, site: Site) -> Scenario:
        yield from first(town, site)
        for number, (step, note) in enumerate(steps):
            yield moment(town.before(days - number), 17)
            take_step(_accreditation(site), step, town.stage.cast[CHAIR], note=note)

    return story


def given_up(town: Town, site: Site) -> Scenario:
    """An accreditation that its operator gave up; the office cancelled its incentives."""
    yield from decided(40, "accredit", BASIC)(town, site)
    yield moment(town.before(6))
    accreditation = _accreditation(site)
    take_step(accreditation, "surrender", site.operator.memberships[0].person)
    yield moment(town.before(5))
    for incentive in incentives.of_certificates(accreditation.certificates):
        note = "【見本】認定の辞退により取り消します。"
        take_step(incentive, "cancel", town.stage.cast[OFFICE], note=note)


def renewing(step: str) -> Story:
    """Accredited last year; the renewal is a draft, or decided already."""

    def story(town: Town, site: Site) -> Scenario:
        yield from once_accredited(345)(town, site)
        if step:
            yield from decided(3, step, SOME)(town, site)
        else:
            yield moment(town.before(6))
            town.stage.answer(town.stage.apply(town.call, site, SOME), leave_out=12)

    return story


def _application(site: Site) -> Application:
    return applications.of_sites([site])[site.id][0]


def _accreditation(site: Site) -> Accreditation:
    found = facts.running_accreditation(site.id)
    if found is None:
        message = f"{site.name_en} has no accreditation"
        raise LookupError(message)
    return found
