"""The made-up operators' stage: two calls, their programmes, and days counted from today."""

from datetime import date, timedelta

from accreditation import clock
from accreditation.demo.cast import OFFICE, OPERATOR, TOUR
from accreditation.demo.stage import Scenario, Stage, moment
from accreditation.models import Call, IncentiveKind, Operator, Site
from accreditation.services import calls
from certificates.dates import fiscal_year

EARLIEST = 480  # days before today on which anything made up happens


class Town:
    """The made-up operators' stage: this year's call, last year's, and their programmes."""

    def __init__(self, stage: Stage, today: date) -> None:
        """Keep the stage and the day from which everything is dated."""
        self.stage = stage
        self.today = today
        self.call: Call
        self.last_call: Call
        self.inns: Operator
        self.tours: Operator

    def before(self, days: int) -> date:
        """Give the day so many days ago."""
        return self.today - timedelta(days=days)

    def site(self, kind: str, name_ja: str, name_en: str) -> Site:
        """Enter one of the made-up sites."""
        operator = self.tours if kind == "tour" else self.inns
        owner = operator.memberships[0].person
        return self.stage.site(operator, owner, kind, (name_ja, name_en))

    def opens(self) -> Scenario:
        """Enter both operators, and make the programmes and both calls."""
        yield moment(self.before(EARLIEST), 8)
        cast = self.stage.cast
        self.inns = self.stage.operator(cast[OPERATOR], "見本旅子商店", "Mihon Tabiko & Co.")
        self.tours = self.stage.operator(cast[TOUR], "見本ツアー社", "Mihon Tours")
        self.last_call = self._call(self.before(470), self.before(380), 0)
        yield moment(self.before(90), 8)
        self.call = self._call(self.before(85), self.today + timedelta(days=30), 250_000)

    def _call(self, opens: date, closes: date, budget_yen: int) -> Call:
        year = fiscal_year(closes)
        office = self.stage.cast[OFFICE]
        chosen = []
        if budget_yen:
            base = {"benefit_ja": "", "benefit_en": "", "fiscal_year": year}
            money = {
                "name_ja": "先駆的取組 奨励金（見本）",
                "name_en": "Grant for pioneers (specimen)",
                "kind": IncentiveKind.MONEY,
                "amount_yen": 100_000,
                "budget_yen": budget_yen,
            }
            benefit = {
                "name_ja": "広報での紹介（見本）",
                "name_en": "Feature in the city's media (specimen)",
                "kind": IncentiveKind.BENEFIT,
                "amount_yen": 0,
                "budget_yen": 0,
                "benefit_ja": "市の広報で取組を紹介します。",
                "benefit_en": "The city's media tell of your work.",
            }
            chosen = [calls.make_programme(office, {**base, **one}) for one in (money, benefit)]
        values = {
            "title_ja": f"見本募集 {opens.year}年{opens.month}月",
            "title_en": f"Specimen call of {opens:%B %Y}",
            "fiscal_year": year,
            "opens_at": clock.start_of(opens),
            "closes_at": clock.end_of(closes),
        }
        return calls.open_call(office, self.stage.version, values, chosen)
