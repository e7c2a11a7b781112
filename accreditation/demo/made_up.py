"""Visibly made-up operators, dated from today: one for every state, and work in every queue."""

from collections.abc import Iterable
from datetime import date, timedelta

from accreditation import clock
from accreditation.demo.stage import Scenario, Stage, moment
from accreditation.demo.stories import (
    BASIC,
    EVERYTHING,
    SOME,
    Story,
    decided,
    drafted,
    given_up,
    half_reviewed,
    in_two_minds,
    listed,
    once_accredited,
    renewing,
    sent,
    then,
    without_reviewers,
)
from accreditation.demo.town import EARLIEST, Town

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
    ("tour", "見本ツアー 審査員まち", "Mihon Tour To Be Assigned", without_reviewers),
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


def beginning_of(today: date) -> date:
    """Give a day before anything of this happens."""
    return today - timedelta(days=EARLIEST + 1)


def scenarios(stage: Stage) -> Iterable[Scenario]:
    """Give one scenario for each made-up site, and one for their calls."""
    town = Town(stage, clock.today())
    yield town.opens()
    for kind, name_ja, name_en, story in CAST:
        yield _told(town, kind, (name_ja, name_en), story)


def _told(town: Town, kind: str, names: tuple[str, str], story: Story) -> Scenario:
    yield moment(town.before(475), 8)
    yield from story(town, town.site(kind, *names))
