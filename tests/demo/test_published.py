"""Further published operators: they are added to the file, and a bad entry is named."""

from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from accreditation import clock
from accreditation.demo import published
from accreditation.demo.load import act_out
from accreditation.demo.published import Published, PublishedError
from accreditation.demo.real import Years
from accreditation.demo.stage import Scenario, Stage, moment
from accreditation.extensions import db
from accreditation.models import Accreditation, Application, Call, Operator, Review, Site
from accreditation.services import history, schemes
from workflows.application import ApplicationState
from workflows.review import ReviewState

PLAIN = """
[[operator]]
name_ja = "追加の宿"
name_en = "Added Inn"
kind = "accommodation"
source = "https://example.jp"
certified = [{ year = 2024, indicators = [1, 2] }]
"""
RENEWED = """
[[operator]]
name_ja = "更新から始まる旅"
name_en = "Tour That Begins With A Renewal"
company_ja = "見本交通"
kind = "tour"
source = "https://example.jp"
certified = [
  { year = 2023, indicators = [1, 2, 4], renewal = true, decided = 2024-03-31 },
  { year = 2024, indicators = [1, 2, 4, 8], renewal = true },
]
"""
NOT_YET = """
[[operator]]
name_ja = "これから決まる宿"
name_en = "Inn To Be Decided"
company_ja = "見本交通"
kind = "accommodation"
source = "https://example.jp"
certified = [
  { year = 2025, indicators = [1, 2, 5] },
  { year = 2026, indicators = [1, 2, 5], renewal = true },
]

[[operator]]
name_ja = "まだ何もない宿"
name_en = "Inn Of Years To Come"
kind = "accommodation"
source = "https://example.jp"
certified = [{ year = 2027, indicators = [1, 2] }]
"""


def added(folder: Path, extra: str) -> Path:
    """Copy the file of published operators and append to it."""
    copy = folder / "operators.toml"
    copy.write_text(published.PATH.read_text(encoding="utf-8") + extra, encoding="utf-8")
    return copy


def play(entries: list[Published]) -> None:
    """Act out the years of these operators up to now."""
    with clock.at(moment(Years.beginning_of(entries))):
        version = schemes.current()
        assert version is not None
        years = Years(Stage(version), entries)
    act_out(years.scenarios(), clock.now())


def site(name: str) -> Site | None:
    return db.session.scalar(select(Site).where(Site.name_ja == name))


def accreditation(name: str) -> Accreditation | None:
    return db.session.scalar(select(Accreditation).join(Site).where(Site.name_ja == name))


@pytest.mark.usefixtures("context")
def test_entries_that_are_added_are_certified_as_the_others(tmp_path: Path) -> None:
    entries = published.read(added(tmp_path, PLAIN + RENEWED))
    play(entries)
    assert history.verify() is None
    for entry in entries:
        found = accreditation(entry.name_ja)
        assert found is not None
        given = [(one.fiscal_year, one.indicators) for one in found.certificates]
        assert given == [(one.year, sorted(one.indicators)) for one in entry.certified]


@pytest.mark.usefixtures("context")
def test_company_and_practices_may_be_left_out(tmp_path: Path) -> None:
    play(published.read(added(tmp_path, PLAIN))[-1:])
    found = accreditation("追加の宿")
    assert found is not None
    assert found.newest.holder["operator"] == {"ja": "追加の宿", "en": "Added Inn"}
    assert found.newest.decision.decided_on == date(2024, 12, 15)
    assert found.site.practices == []
    assert found.number == "R06-0001"


@pytest.mark.usefixtures("context")
def test_a_first_entry_may_be_a_renewal_on_a_day_of_its_own(tmp_path: Path) -> None:
    play(published.read(added(tmp_path, RENEWED))[-1:])
    found = accreditation("更新から始まる旅")
    assert found is not None
    first, second = found.certificates
    assert (found.number, found.site.operator.name_ja) == ("R05-0001", "見本交通")
    assert (first.application.cycle, second.application.cycle) == (1, 1)
    assert (first.valid_from, first.valid_until) == (date(2024, 3, 31), date(2025, 3, 30))
    assert second.valid_from == date(2024, 12, 15)
    years = db.session.scalars(select(Call).order_by(Call.fiscal_year)).all()
    assert [call.title_ja for call in years] == ["令和5年度 募集", "令和6年度 募集"]
    for call in years:
        assert call.opens_at < call.closes_at


@pytest.mark.usefixtures("context")
def test_what_lies_in_the_future_goes_as_far_as_the_calendar_does(tmp_path: Path) -> None:
    play(published.read(added(tmp_path, NOT_YET))[-2:])
    found = accreditation("これから決まる宿")
    assert found is not None
    assert [one.fiscal_year for one in found.certificates] == [2025]
    newest = select(Application).where(Application.site_id == found.site_id)
    case = db.session.scalars(newest.order_by(Application.id.desc()).limit(1)).one()
    assert case.state == ApplicationState.IN_REVIEW
    states = db.session.scalars(select(Review.state).where(Review.application_id == case.id))
    assert list(states) == [ReviewState.HANDED_IN] * 2
    assert site("まだ何もない宿") is None


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("today", "state"),
    [
        (datetime(2024, 10, 20, tzinfo=clock.ZONE), None),
        (datetime(2024, 10, 31, 12, tzinfo=clock.ZONE), ApplicationState.DRAFT),
        (datetime(2024, 11, 6, tzinfo=clock.ZONE), ApplicationState.SUBMITTED),
        (datetime(2024, 11, 12, tzinfo=clock.ZONE), ApplicationState.IN_REVIEW),
        (datetime(2024, 12, 9, tzinfo=clock.ZONE), ApplicationState.LISTED),
        (datetime(2024, 12, 15, 14, 59, tzinfo=clock.ZONE), ApplicationState.LISTED),
        (datetime(2024, 12, 15, 15, 0, tzinfo=clock.ZONE), ApplicationState.ACCREDITED),
    ],
)
def test_how_far_a_year_has_come_on_a_day(
    tmp_path: Path, today: datetime, state: ApplicationState | None
) -> None:
    with clock.at(today):
        play(published.read(added(tmp_path, PLAIN))[-1:])
    assert db.session.scalar(select(Application.state)) == state


@pytest.mark.usefixtures("context")
def test_sites_of_one_company_belong_to_one_operator(tmp_path: Path) -> None:
    extra = PLAIN.replace("source", 'company_ja = "見本交通"\nsource')
    play(published.read(added(tmp_path, RENEWED + extra))[-2:])
    operator = db.session.scalars(select(Operator)).one()
    assert {one.name_ja for one in operator.sites} == {"更新から始まる旅", "追加の宿"}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('name_en = "Added Inn"\n', "", "name_en: Field required"),
        ('name_ja = "追加の宿"', 'name_ja = " "', "name_ja: "),
        ("source", "sauce", "sauce: "),
        ("[{ year = 2024, indicators = [1, 2] }]", "[]", "certified: "),
        ("year = 2024", 'year = "last"', "certified.0.year: "),
        ("year = 2024", "year = 1924", "certified.0.year: "),
        ("[1, 2]", "[]", "certified.0.indicators: "),
        ("[1, 2]", "[0, 1, 2]", "certified.0.indicators.0: "),
        ("[1, 2] }", "[1, 2], decided = 2024-03-31 }", "which is not in fiscal year 2024"),
        ("[1, 2] }", "[1, 2], decided = 2025-04-01 }", "which is not in fiscal year 2024"),
        ("[1, 2] }", "[1, 2] }, { year = 2024, indicators = [1] }", "twice in the same"),
    ],
)
def test_a_bad_entry_is_named(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in PLAIN
    number = len(published.read()) + 1
    with pytest.raises(PublishedError) as caught:
        published.read(added(tmp_path, PLAIN.replace(old, new)))
    assert str(caught.value).startswith(f"operators.toml: operator {number} (")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "content", [b"", b"[operator]\nname_ja = 'x'", b"[[operators]]\n", b"[[operator]\n", b"\xff"]
)
def test_a_file_that_is_none_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "operators.toml"
    file.write_bytes(content)
    with pytest.raises(PublishedError, match=r"^operators\.toml: "):
        published.read(file)


PRACTICE = 'practices = [{ indicator = 9, ja = "九", en = "nine" }]\nsource'


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[1, 2]", "[1, 3]"),
        ("[1, 2]", "[2]"),
        ("[1, 2]", "[1, 2, 9]"),
        ('"accommodation"', '"restaurant"'),
        ("source", PRACTICE),
    ],
)
def test_what_the_scheme_can_not_certify_is_named(tmp_path: Path, old: str, new: str) -> None:
    entries = published.read(added(tmp_path, PLAIN.replace(old, new)))
    with pytest.raises(PublishedError, match="追加の宿"):
        play(entries[-1:])


@pytest.mark.usefixtures("context")
def test_two_years_may_be_decided_days_apart(tmp_path: Path) -> None:
    late = "[{ year = 2023, indicators = [1, 2], decided = 2024-03-31 }"
    early = "{ year = 2024, indicators = [1, 2], decided = 2024-04-02 }]"
    extra = PLAIN.replace("[{ year = 2024, indicators = [1, 2] }]", f"{late}, {early}")
    play(published.read(added(tmp_path, extra))[-1:])
    found = accreditation("追加の宿")
    assert found is not None
    assert [one.fiscal_year for one in found.certificates] == [2023, 2024]


@pytest.mark.usefixtures("context")
def test_the_same_site_twice_is_named(tmp_path: Path) -> None:
    entries = published.read(added(tmp_path, PLAIN + PLAIN))
    with pytest.raises(PublishedError, match="追加の宿"):
        play(entries[-2:])


def test_scenarios_take_turns_by_their_days_and_never_go_beyond_now() -> None:
    seen: list[datetime] = []

    def scenario(*days: int) -> Scenario:
        for day in days:
            yield moment(date(2026, 11, day))
            seen.append(clock.now())

    act_out([scenario(3, 20, 23), scenario(1, 19, 21), scenario()], clock.now())
    assert seen == [moment(date(2026, 11, day)) for day in (1, 3, 19, 20, 21)]
    assert clock.today() == date(2026, 11, 22)
