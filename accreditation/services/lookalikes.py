"""Names that look like another operator's: never refused, for namesakes exist, but shown.

Whoever screens a case compares both and says so before the case is accepted; the history keeps
who it was and what was compared. The same holds for a corporate number or a telephone number that
another operator has.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select

from accreditation.extensions import db
from accreditation.models import (
    Accreditation,
    Application,
    Certificate,
    HistoryDetail,
    HistoryEntry,
    Person,
    Site,
    Submission,
)
from accreditation.services import history
from accreditation.services.canonical import sha256_of
from accreditation.services.errors import OutdatedError, ServiceError
from accreditation.services.identifiers import paragraphs
from accreditation.services.printable import named
from accreditation.services.skeletons import foreign_letters, skeleton
from workflows.application import UNDER_WAY, ApplicationState
from workflows.engine import N_, Party

ACT = "compare_names"
_STATES = UNDER_WAY | {ApplicationState.ACCREDITED}
_NAMES = ("name_ja", "name_en")
_COUNTRY = re.compile(r"^(\+81|0081)")


@dataclass(frozen=True)
class Sent:
    """A site and its operator as they were sent last, accredited or under way.

    `operator` and `site` are the submission's; `number` is the accreditation's, if there is one.
    """

    id: int
    reference: str
    state: ApplicationState
    site_id: int
    operator_id: int
    operator: Mapping[str, str]
    site: Mapping[str, str]
    number: str | None

    @property
    def names(self) -> list[str]:
        """The Japanese and English names of both, each once."""
        given = [of[name] for of in (self.operator, self.site) for name in _NAMES]
        return list(dict.fromkeys(filter(None, given)))

    @property
    def readings(self) -> list[str]:
        """The readings of both names."""
        return list(filter(None, (self.operator["name_kana"], self.site["name_kana"])))

    @property
    def phone(self) -> str:
        """The telephone number's digits as they are dialled within the country."""
        within = _COUNTRY.sub("0", self.operator["phone"].replace("(0)", ""))
        return re.sub(r"\D", "", within)


@dataclass(frozen=True)
class Alike:
    """Another operator's site that may be taken for this one, and by what.

    `names` are pairs: ours, theirs. `mark` changes with everything that is to be compared.
    """

    other: Sent
    names: tuple[tuple[str, str], ...]
    same_number: bool
    same_phone: bool
    mark: str


@dataclass(frozen=True)
class Comparison:
    """What stands to be compared in a case, and what nobody has looked at yet.

    `mixed` are the names in several alphabets, each with its letters that are not Latin.
    """

    own: Sent
    alike: list[Alike]
    unseen: list[Alike]
    mixed: list[tuple[str, str]]


def of(application: Application) -> Comparison | None:
    """Compare what a case sent with all others; None when nothing is worth a look."""
    return of_all([application]).get(application.id)


def of_all(applications: Iterable[Application]) -> dict[int, Comparison]:
    """Compare several cases at once, by their ids; those with nothing worth a look are left out.

    Two queries, however many.
    """
    ids = {one.id for one in applications}
    if not ids:
        return {}
    everything, seen = _sent(ids), _seen(ids)
    index = _index(one for one in everything if one.state in _STATES)
    found = {}
    for own in (one for one in everything if one.id in ids):
        alike = _alike(own, index)
        mixed = [(name, named(odd)) for name in own.names if (odd := foreign_letters(name))]
        if alike or mixed:
            unseen = [one for one in alike if (own.id, one.mark) not in seen]
            found[own.id] = Comparison(own, alike, unseen, mixed)
    return found


def compare(application: Application, actor: Person, marks: Collection[str], note: str) -> None:
    """Put into the history that somebody compared what the page showed, and what they found.

    `marks` are those of the page. ServiceError (field: note) without a word on what was found;
    OutdatedError when there is something by now that the page did not show.
    """
    history.lock(actor)
    note = paragraphs(note)
    if not note:
        raise ServiceError(N_("Please say what you found."), field="note")
    comparison = of(application)
    alike = comparison.alike if comparison and comparison.unseen else []
    if not alike:  # said already, perhaps by the same form sent twice
        return
    if not {one.mark for one in alike} <= set(marks):
        why = N_("Another name was added since you opened this page. Please compare once more.")
        raise OutdatedError(why)
    history.record(
        history.Event(
            subject_type="application",
            subject_id=application.id,
            application_id=application.id,
            act=ACT,
            actor=actor,
            party=Party.OFFICE,
            note=note,
            details={"compared": [_told(one) for one in alike]},
        )
    )


def _told(alike: Alike) -> dict[str, Any]:
    """Write down what was compared: the other case, and what is the same."""
    return {
        "application": alike.other.reference,
        "operator": alike.other.operator["key"],
        "site": alike.other.site["key"],
        "names": [list(pair) for pair in alike.names],
        "corporate_number": alike.same_number,
        "phone": alike.same_phone,
        "mark": alike.mark,
    }


def _index(all_sent: Iterable[Sent]) -> Mapping[str, list[Sent]]:
    """Sort what was sent under everything by which it may be taken for another."""
    index: defaultdict[str, list[Sent]] = defaultdict(list)
    for one in all_sent:
        for key in _keys(one):
            index[key].append(one)
    return index


def _keys(sent: Sent) -> set[str]:
    keys = {f"name {key}" for name in sent.names if (key := skeleton(name))}
    keys |= {f"reading {key}" for name in sent.readings if (key := skeleton(name))}
    numbers = {"number": sent.operator["corporate_number"], "phone": sent.phone}
    return keys | {f"{kind} {number}" for kind, number in numbers.items() if number}


def _alike(own: Sent, index: Mapping[str, list[Sent]]) -> list[Alike]:
    """List the sites of other operators that are alike, each site once with its newest case."""
    sharing = {one.id: one for key in _keys(own) for one in index.get(key, ())}
    newest = {sharing[id_].site_id: sharing[id_] for id_ in sorted(sharing)}
    return [
        _compared(own, other) for other in newest.values() if other.operator_id != own.operator_id
    ]


def _compared(own: Sent, other: Sent) -> Alike:
    names = (*_pairs(own.names, other.names), *_pairs(own.readings, other.readings))
    number = own.operator["corporate_number"]
    same_number = bool(number) and number == other.operator["corporate_number"]
    same_phone = bool(own.phone) and own.phone == other.phone
    compared = [other.site["key"], sorted(map(list, names)), same_number, same_phone]
    return Alike(other, names, same_number, same_phone, sha256_of(compared))


def _pairs(ours: Iterable[str], theirs: Collection[str]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (our, their)
        for our in ours
        for their in theirs
        if skeleton(our) and skeleton(our) == skeleton(their)
    )


def _sent(ids: Collection[int]) -> list[Sent]:
    """Read what each case sent last, without its answers: those compared, and all that stand."""
    last = (
        select(func.max(Submission.id).label("id")).group_by(Submission.application_id).subquery()
    )
    chosen = (
        select(
            Application.id,
            func.upper(Application.key),
            Application.state,
            Application.site_id,
            Site.operator_id,
            Submission.content["operator"],
            Submission.content["site"],
            Accreditation.number,
        )
        .join(Site, Site.id == Application.site_id)
        .join(Submission, Submission.application_id == Application.id)
        .join(last, last.c.id == Submission.id)
        .outerjoin(Certificate, Certificate.application_id == Application.id)
        .outerjoin(Accreditation, Accreditation.id == Certificate.accreditation_id)
        .where(or_(Application.state.in_(_STATES), Application.id.in_(ids)))
        .order_by(Application.id)
    )
    return [Sent(*row) for row in db.session.execute(chosen)]


def _seen(ids: Collection[int]) -> set[tuple[int, str]]:
    """Give what was compared already: the case's id and the mark of what was shown."""
    chosen = (
        select(HistoryEntry.subject_id, HistoryDetail.content)
        .join(HistoryDetail, HistoryDetail.sequence == HistoryEntry.sequence)
        .where(
            HistoryEntry.subject_type == "application",
            HistoryEntry.application_id.in_(ids),
            HistoryEntry.act == ACT,
        )
    )
    return {
        (subject, compared["mark"])
        for subject, content in db.session.execute(chosen)
        for compared in content["details"]["compared"]
    }
