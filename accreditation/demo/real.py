"""The published operators' years, acted out: a call each fiscal year, and every certification."""

from collections.abc import Iterable
from datetime import date, timedelta

from accreditation import clock
from accreditation.demo.cast import KEEPER, OFFICE
from accreditation.demo.published import Certified, Published, PublishedError
from accreditation.demo.stage import Scenario, Stage, moment
from accreditation.models import Call, Operator, Site
from accreditation.schemes.rules import always_chosen
from accreditation.services import applications, calls, operators
from accreditation.services.errors import ServiceError
from certificates.dates import nendo
from workflows.engine import StepRefused

LEAD = timedelta(days=60)  # from an operator's first page to the decision


class Years:
    """The published operators on the stage, and the calls they applied in."""

    def __init__(self, stage: Stage, published: list[Published]) -> None:
        """Keep the stage and what was published; nothing is acted yet."""
        self.stage = stage
        self.published = published
        self._calls: dict[int, Call] = {}
        self._operators: dict[str, Operator] = {}

    def scenarios(self) -> Iterable[Scenario]:
        """Give the calls, then one scenario for each operator, in the order of the file."""
        for entry in self.published:
            self._require_known(entry)
        for year, decisions in sorted(self._decisions().items()):
            yield self._call(year, decisions)
        for entry in self.published:
            yield self._career(entry)

    @staticmethod
    def beginning_of(published: list[Published]) -> date:
        """Give a day before anything of this happens."""
        days = (certified.decided_on for entry in published for certified in entry.certified)
        return min(days) - 2 * LEAD

    def _require_known(self, entry: Published) -> None:
        scheme = self.stage.scheme
        known = {indicator.id for indicator in scheme.indicators}
        for certified in entry.certified:
            chosen = set(certified.indicators)
            if entry.kind not in scheme.kinds or not always_chosen(scheme) <= chosen <= known:
                message = f"{entry.name_ja}, {certified.year}: the scheme can't certify this"
                raise PublishedError(message)
        for practice in entry.practices:
            if practice.indicator not in known:
                message = f"{entry.name_ja}: the scheme has no indicator {practice.indicator}"
                raise PublishedError(message)

    def _decisions(self) -> dict[int, list[date]]:
        found: dict[int, list[date]] = {}
        for entry in self.published:
            for certified in entry.certified:
                found.setdefault(certified.year, []).append(certified.decided_on)
        return found

    def _call(self, year: int, decisions: list[date]) -> Scenario:
        opens = min([date(year, 9, 1), *(day - LEAD for day in decisions)])
        closes = max([date(year, 10, 31), *(day - timedelta(days=30) for day in decisions)])
        yield moment(opens - timedelta(days=7))
        values = {
            "title_ja": f"{nendo(year)} 募集",
            "title_en": f"Call of fiscal year {year}",
            "fiscal_year": year,
            "opens_at": clock.start_of(opens),
            "closes_at": clock.end_of(closes),
        }
        self._calls[year] = calls.open_call(self.stage.cast[OFFICE], self.stage.version, values)

    def _career(self, entry: Published) -> Scenario:
        ordered = sorted(entry.certified, key=lambda certified: certified.decided_on)
        yield moment(ordered[0].decided_on - timedelta(days=50))
        try:
            site = self._site(entry)
            for certified in ordered:
                yield from self._certified(site, certified)
        except (ServiceError, StepRefused) as error:
            message = f"{entry.name_ja}: {error}"
            raise PublishedError(message) from error

    def _certified(self, site: Site, certified: Certified) -> Scenario:
        decided = certified.decided_on
        yield moment(decided - timedelta(days=45), 9, 30)
        earlier = len(applications.of_sites([site])[site.id])
        application = self.stage.apply(
            self._calls[certified.year],
            site,
            certified.indicators,
            cycle=max(earlier, 1 if certified.renewal else 0),
        )
        yield from self.stage.listed(application, decided)
        yield moment(decided, 15)
        self.stage.decide(application, indicators=sorted(certified.indicators))

    def _site(self, entry: Published) -> Site:
        owner = self.stage.cast[KEEPER]
        name = entry.company_ja or entry.name_ja
        if name not in self._operators:
            english = "" if entry.company_ja else entry.name_en
            self._operators[name] = self.stage.operator(owner, name, english)
        names = (entry.name_ja, entry.name_en)
        site = self.stage.site(self._operators[name], owner, entry.kind, names)
        texts = {practice.indicator: (practice.ja, practice.en) for practice in entry.practices}
        operators.tell_practices(site, owner, texts)
        return site
