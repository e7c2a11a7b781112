"""The stage: what every scenario of the demonstration needs, and the acts they share."""

import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import count, cycle

import pikepdf

from accreditation import clock
from accreditation.demo.cast import CHAIR, OFFICE, REVIEWERS, Cast
from accreditation.models import (
    Application,
    Call,
    EntityType,
    Operator,
    Person,
    Review,
    SchemeVersion,
    Site,
)
from accreditation.schemes.rules import Verdict
from accreditation.services import applications, evidence, operators, results, reviews
from accreditation.services.schemes import scheme_of
from accreditation.services.steps import take_step

Scenario = Iterator[datetime]  # yields when its next act is due; acts when it is resumed
LARGEST = 1024 * 1024
ADDRESS = ("石川県金沢市見本町000番地", "000 Mihon-machi, Kanazawa (made up)")


def moment(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """Give an instant of a day in the scheme's zone."""
    return datetime.combine(day, time(hour, minute), clock.ZONE)


def specimen_file() -> bytes:
    """Make the one-page PDF that stands for every piece of evidence."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(420, 595))
    made = io.BytesIO()
    pdf.save(made, deterministic_id=True)
    return made.getvalue()


class Stage:
    """The cast, the scheme, and the acts that applications have in common."""

    def __init__(self, version: SchemeVersion) -> None:
        """Set the stage under a published version of the scheme."""
        self.version = version
        self.scheme = scheme_of(version)
        self.cast = Cast()
        self._reviewers = cycle(REVIEWERS)
        self._file = specimen_file()
        self._phones = count()

    def operator(self, owner: Person, name_ja: str, name_en: str) -> Operator:
        """Enter an operator with made-up contact data."""
        return operators.register(
            owner,
            {
                "name_ja": name_ja,
                "name_en": name_en,
                "entity_type": EntityType.ASSOCIATION,
                "postal_code": "9200000",
                "address": ADDRESS[0],
                "phone": f"076-000-{next(self._phones):04}",
            },
        )

    def site(self, operator: Operator, owner: Person, kind: str, names: tuple[str, str]) -> Site:
        """Enter a site with a made-up address."""
        values = {"address_ja": ADDRESS[0], "address_en": ADDRESS[1]}
        return operators.add_site(
            operator, owner, kind, {"name_ja": names[0], "name_en": names[1], **values}
        )

    def apply(
        self, call: Call, site: Site, indicators: Iterable[int], *, cycle: int | None = None
    ) -> Application:
        """Start an application and choose its indicators."""
        owner = site.operator.memberships[0].person
        application = applications.start(call, site, owner, cycle=cycle)
        applications.choose_indicators(application, set(indicators))
        return application

    def answer(self, application: Application, *, leave_out: int = 0) -> None:
        """Answer the items, all but the last few, with a specimen file beside every third."""
        asked = results.asked(application)
        for number, item in enumerate(asked[: len(asked) - leave_out]):
            text = f"【見本】「{item.title.ja}」に取り組んでいます。 / (Specimen) {item.title.en}."
            applications.save_answer(application, item.id, Verdict.CARRIED_OUT, text)
            if number % 3 == 0:
                self.attach(application, item.id)

    def attach(self, application: Application, item: str) -> None:
        """Put the specimen file beside an answer."""
        upload = evidence.Upload(f"見本-{item}.pdf", self._file)
        owner = application.site.operator.memberships[0].person
        found = evidence.accept(application, owner, evidence.store(upload, LARGEST))
        evidence.attach(application, item, found)

    def send(self, application: Application) -> None:
        """Accept the terms and send."""
        owner = application.site.operator.memberships[0].person
        applications.accept_terms(application, owner)
        take_step(application, "submit", owner)

    def office(self, application: Application, step: str, note: str = "") -> None:
        """Let the office take a step."""
        take_step(application, step, self.cast[OFFICE], note=note)

    def assign(self, application: Application) -> Review:
        """Ask the next reviewer who may be asked."""
        free = reviews.candidates(application)
        taking_turns = (self.cast[next(self._reviewers)] for _ in REVIEWERS)
        reviewer = next(person for person in taking_turns if person in free)
        return reviews.assign(application, reviewer, self.cast[OFFICE])

    def open(self, review: Review) -> Review:
        """Let the reviewer declare to have no conflict of interest."""
        take_step(review, "declare_none", review.reviewer)
        return review

    def judge(self, review: Review, *, against: int = 0, leave_out: int = 0) -> None:
        """Write findings: all carried out, but for the last `against` items."""
        asked = results.asked(review.application)
        for number, item in enumerate(asked[: len(asked) - leave_out]):
            met = number < len(asked) - against
            verdict = Verdict.CARRIED_OUT if met else Verdict.NOT_CARRIED_OUT
            reason = "【見本】資料で確認した。" if met else "【見本】資料からは確認できない。"
            reviews.find(review, reviews.Judgement(item.id, verdict, reason))

    def hand_in(self, review: Review) -> None:
        """Let the reviewer hand in."""
        take_step(review, "hand_in", review.reviewer)

    def decide(self, application: Application, step: str = "accredit", **given: object) -> None:
        """Let the council decide."""
        note = str(given.pop("note", ""))
        take_step(application, step, self.cast[CHAIR], note=note, details=given)

    def reviewed(
        self, application: Application, day: date, *, against: tuple[int, int]
    ) -> Scenario:
        """Have it reviewed by two, who find so many of the last items not carried out."""
        yield moment(day, 9)
        pair = [self.open(self.assign(application)) for _ in against]
        yield moment(day + timedelta(days=2), 16)
        for review, number in zip(pair, against, strict=True):
            self.judge(review, against=number)
            self.hand_in(review)

    def listed(
        self,
        application: Application,
        decided: date,
        *,
        against: tuple[int, int] = (0, 0),
    ) -> Scenario:
        """Take an application from its draft to the council's list, in time for a decision."""
        self.answer(application)
        yield moment(decided - timedelta(days=40), 14)
        self.send(application)
        yield moment(decided - timedelta(days=35), 11)
        self.office(application, "accept")
        yield from self.reviewed(application, decided - timedelta(days=30), against=against)
        yield moment(decided - timedelta(days=7), 13)
        self.office(application, "list")
