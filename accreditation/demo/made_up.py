"""Visibly made-up operators, dated from today: one for every state, and work in every queue."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from accreditation import clock
from accreditation.demo.cast import CHAIR, OFFICE, OPERATOR, TOUR
from accreditation.demo.stage import Scenario, Stage, moment
from accreditation.models import Accreditation, Application, Call, IncentiveKind, Site
from accreditation.services import calls, facts, operators
from accreditation.services.steps import take_step
from certificates.dates import fiscal_year

BASIC = (1, 2)
SOME = (1, 2, 3, 6)
EVERYTHING = (1, 2, 3, 4, 5, 6, 7, 8)
Story = Callable[["Town", Site], Scenario]


class Town:
    """The made-up operators' stage: this year's call, last year's, and their programmes."""

    def __init__(self, stage: Stage, today: date) -> None:
        """Keep the stage and the day from which everything is dated."""
        self.stage = stage
        self.today = today
        self.call: Call
        self.last_call: Call
        self.inns = stage.operator(stage.cast[OPERATOR], "見本旅子商店", "Mihon Tabiko & Co.")
        self.tours = stage.operator(stage.cast[TOUR], "見本ツアー社", "Mihon Tours")

    def before(self, days: int) -> date:
        """Give the day so many days ago."""
        return self.today - timedelta(days=days)

    def site(self, kind: str, name_ja: str, name_en: str) -> Site:
        """Enter one of the made-up sites."""
        operator = self.tours if kind == "tour" else self.inns
        owner = operator.memberships[0].person
        return self.stage.site(operator, owner, kind, (name_ja, name_en))

    def calls(self) -> Scenario:
        """Make the programmes and both calls."""
        yield moment(self.before(480), 8)
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
    """An accreditation that its operator gave up."""
    yield from decided(40, "accredit", BASIC)(town, site)
    yield moment(town.before(6))
    take_step(_accreditation(site), "surrender", site.operator.memberships[0].person)


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


CONDITIONS = ["半年以内に水使用量の記録を提出すること。", "多言語案内を年度内に整備すること。"]
# Kind, Japanese and English name of the site, and what happens to it.
CAST: tuple[tuple[str, str, str, Story], ...] = (
    ("accommodation", "見本旅館 下書き亭", "Mihon Ryokan Draft", drafted(0)),
    ("tour", "見本ツアー 書きかけ", "Mihon Tour Half Written", drafted(11)),
    ("accommodation", "見本ホテル 届いたばかり", "Mihon Hotel Just Sent", sent(2)),
    ("tour", "見本ツアー 受付十二日", "Mihon Tour Twelve Days", sent(12)),
    (
        "accommodation",
        "見本の宿 差戻し",
        "Mihon Inn Returned",
        sent(9, "return", "【見本】指標1の電気使用量の資料が読めません。もう一度お送りください。"),
    ),
    (
        "tour",
        "見本ツアー 市外",
        "Mihon Tour Out Of Town",
        sent(16, "decline", "【見本】市外のツアーのため対象となりません。"),
    ),
    ("accommodation", "見本の宿 取下げ", "Mihon Inn Withdrawn", sent(14, "withdraw")),
    ("tour", "見本ツアー 審査員まち", "Mihon Tour To Be Assigned", sent(7, "accept")),
    ("accommodation", "見本旅館 審査中", "Mihon Ryokan Under Review", half_reviewed),
    ("accommodation", "見本の宿 意見割れ", "Mihon Inn Of Two Minds", in_two_minds),
    ("accommodation", "見本旅館 審査会まち", "Mihon Ryokan On The List", listed(EVERYTHING)),
    ("tour", "見本ツアー 割れたまま", "Mihon Tour Still Differing", listed(SOME, (0, 2))),
    (
        "accommodation",
        "見本旅館 加賀五彩",
        "Mihon Ryokan Five Colours",
        decided(20, "accredit", EVERYTHING),
    ),
    (
        "tour",
        "見本ツアー 条件つき",
        "Mihon Tour With Conditions",
        decided(15, "accredit_with_conditions", SOME, conditions=CONDITIONS),
    ),
    (
        "accommodation",
        "見本の宿 予算なし",
        "Mihon Inn Late For The Budget",
        decided(10, "accredit", SOME),
    ),
    (
        "accommodation",
        "見本の宿 不認定",
        "Mihon Inn Refused",
        decided(8, "refuse", BASIC, note="【見本】必須項目の取組が確認できませんでした。"),
    ),
    ("tour", "見本ツアー 期限切れ", "Mihon Tour Expired", once_accredited(372)),
    (
        "accommodation",
        "見本旅館 停止中",
        "Mihon Ryokan Suspended",
        then(decided(30, "accredit", BASIC), 5, ("suspend", "【見本】苦情を調べています。")),
    ),
    (
        "tour",
        "見本ツアー 取消し",
        "Mihon Tour Revoked",
        then(
            decided(32, "accredit", BASIC),
            9,
            ("suspend", "【見本】資料を確かめています。"),
            ("withdraw", "【見本】資料が事実と異なりました。"),
        ),
    ),
    ("accommodation", "見本の宿 辞退", "Mihon Inn Given Up", given_up),
    ("accommodation", "見本旅館 更新準備", "Mihon Ryokan Renewing", renewing("")),
    ("tour", "見本ツアー 更新済み", "Mihon Tour Renewed", renewing("accredit")),
)


def scenarios(stage: Stage) -> Iterable[Scenario]:
    """Give one scenario for each made-up site, and one for their calls."""
    town = Town(stage, clock.today())
    yield town.calls()
    for kind, name_ja, name_en, story in CAST:
        yield _told(town, kind, (name_ja, name_en), story)


def _told(town: Town, kind: str, names: tuple[str, str], story: Story) -> Scenario:
    yield moment(town.before(475), 8)
    yield from story(town, town.site(kind, *names))


def _application(site: Site) -> Application:
    return operators.applications_of([site])[0]


def _accreditation(site: Site) -> Accreditation:
    found = facts.running_accreditation(site.id)
    if found is None:
        message = f"{site.name_en} has no accreditation"
        raise LookupError(message)
    return found
