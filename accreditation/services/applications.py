"""Writing an application: starting it, choosing indicators, answering, accepting the terms."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import (
    Accreditation,
    Answer,
    Application,
    Call,
    Certificate,
    Person,
    Site,
)
from accreditation.schemes.model import Item
from accreditation.schemes.rules import Verdict, always_chosen
from accreditation.services import history, operators, results
from accreditation.services.canonical import sha256_of
from accreditation.services.errors import OutdatedError, ServiceError
from accreditation.services.schemes import scheme_of
from workflows.application import (
    DECIDED,
    EDITABLE,
    ENDED_EARLY,
    UNDER_WAY,
    ApplicationState,
)
from workflows.engine import N_


class Gap(StrEnum):
    """What an asked item lacks before the application can be sent."""

    ANSWER = "answer"
    DESCRIPTION = "description"


def start(call: Call, site: Site, person: Person, *, cycle: int | None = None) -> Application:
    """Start a site's application in a call, or give the one that is running already.

    Sent twice, also at the same moment, the form makes one application. `cycle` is the number of
    completed cycles, at least that of the site's certificates; sending it counts them again.
    """
    operators.hold(site.operator, person)
    if known := running(call, site):
        return known
    if not call.is_open(clock.now()):
        raise ServiceError(N_("The call is not open: it can't be sent now."))
    scheme = scheme_of(call.scheme_version)
    if site.kind not in scheme.kinds:
        raise ServiceError(N_("This kind of site is not part of the scheme of this call."))
    if unfinished(of_sites([site])[site.id]):
        raise ServiceError(N_("Another application for this site is still under way."))
    application = Application(
        call=call,
        site=site,
        scheme_version=call.scheme_version,
        state=ApplicationState.DRAFT,
        state_since=clock.now(),
        cycle=max(cycle or 0, completed_cycles(site)),
        indicators=sorted(always_chosen(scheme)),
        created_at=clock.now(),
    )
    db.session.add(application)
    db.session.flush()
    _record(application, "start", person)
    return application


def running(call: Call, site: Site) -> Application | None:
    """Give the site's application in a call that was neither withdrawn nor declined, if any."""
    return db.session.scalar(
        select(Application).where(
            Application.call_id == call.id,
            Application.site_id == site.id,
            Application.state.not_in(ENDED_EARLY),
        )
    )


def of_sites(sites: Sequence[Site]) -> dict[int, list[Application]]:
    """Group the applications of some sites by the id of the site, newest first."""
    chosen = select(Application).where(Application.site_id.in_([site.id for site in sites]))
    found: dict[int, list[Application]] = {site.id: [] for site in sites}
    for application in db.session.scalars(chosen.order_by(Application.id.desc())):
        found[application.site_id].append(application)
    return found


def unfinished(known: Sequence[Application]) -> Application | None:
    """Give the first of some applications that is still under way, if any.

    A draft whose call has closed was never sent and is not under way any more.
    """
    return next((one for one in known if _is_under_way(one)), None)


def another_under_way(application: Application) -> bool:
    """Say whether another application of the same site was sent and is not decided yet."""
    chosen = select(Application.id).where(
        Application.site_id == application.site_id,
        Application.id != application.id,
        Application.state.in_(UNDER_WAY),
    )
    return db.session.scalar(chosen.limit(1)) is not None


def calls_for(site: Site, known: Sequence[Application], offered: Sequence[Call]) -> list[Call]:
    """Choose those of some open calls in which a site may start an application.

    `known` are the site's applications: one for each call, unless it was withdrawn or declined.
    """
    taken = {one.call_id for one in known if one.state not in ENDED_EARLY}
    return [
        call
        for call in offered
        if call.id not in taken and site.kind in scheme_of(call.scheme_version).kinds
    ]


def decided_in(known: Sequence[Application], offered: Sequence[Call]) -> list[Application]:
    """Choose those of a site's applications that were decided in one of some open calls.

    In such a call the site can't apply again: the next one is needed.
    """
    open_ids = {call.id for call in offered}
    return [one for one in known if one.call_id in open_ids and one.state in DECIDED]


def completed_cycles(site: Site) -> int:
    """Count the certificates that the site was granted so far."""
    chosen = select(func.count(Certificate.id)).join(Accreditation)
    return db.session.scalar(chosen.where(Accreditation.site_id == site.id)) or 0


def choose_indicators(application: Application, chosen: set[int]) -> None:
    """Set the indicators applied for; the required ones always stay, unknown ones are refused."""
    _require_editable(application)
    scheme = scheme_of(application.scheme_version)
    known = {indicator.id for indicator in scheme.indicators}
    if not chosen <= known:
        raise ServiceError(N_("There is no such indicator."), field="indicators")
    application.indicators = sorted(chosen | always_chosen(scheme))


def hold_for_changes(application: Application) -> None:
    """Lock an application until the transaction ends; ServiceError when it was sent already.

    Of two who save at once, the second then reads what the first wrote.
    """
    db.session.refresh(application, with_for_update={"of": Application})
    _require_editable(application)


def answers_of(application: Application) -> dict[str, Answer]:
    """Give the answers by item, with their evidence, in a fixed number of queries."""
    chosen = select(Answer).where(Answer.application_id == application.id)
    chosen = chosen.options(selectinload(Answer.attachments))
    return {answer.item: answer for answer in db.session.scalars(chosen)}


def answer_of(application: Application, item: str) -> Answer:
    """Give the answer to an item, made empty when there is none; only for items that are asked."""
    if item not in {asked.id for asked in results.asked(application)}:
        raise ServiceError(N_("This item is not asked of this application."))
    known = next((answer for answer in application.answers if answer.item == item), None)
    if known is None:
        known = Answer(item=item, text="", updated_at=clock.now())
        application.answers.append(known)
        db.session.flush()
    return known


def save_answer(
    application: Application,
    item: str,
    verdict: Verdict | None,
    text: str,
    *,
    version: int | None = None,
) -> Answer:
    """Save what the operator says about one item; a draft demands nothing.

    `version` is the version of the answer that the page showed (0: none yet): when somebody else
    saved another text meanwhile, OutdatedError keeps both from being lost.
    """
    _require_editable(application)
    answer = next((known for known in application.answers if known.item == item), None)
    if version is not None and answer is not None and version != answer.version and _says(answer):
        if (answer.verdict, answer.text) == (verdict, text):
            return answer
        why = N_(
            "This answer was changed in another window or by somebody else."
            " Compare both and save again."
        )
        raise OutdatedError(why, field=item)
    if verdict == Verdict.NOT_APPLICABLE and not _may_not_apply(application, item):
        raise ServiceError(N_("This item applies to everybody."), field=item)
    answer = answer_of(application, item)
    if (answer.verdict, answer.text) != (verdict, text):
        answer.verdict, answer.text, answer.updated_at = verdict, text, clock.now()
    return answer


def gaps(application: Application) -> dict[str, Gap]:
    """Say of the asked items that are not complete, in their order, what each of them lacks.

    "Carried out" and "not applicable" need a description; "not carried out" speaks for itself.
    """
    answers = {answer.item: answer for answer in application.answers}
    found = {item.id: _gap(answers.get(item.id)) for item in results.asked(application)}
    return {item: gap for item, gap in found.items() if gap is not None}


def unanswered(application: Application) -> list[Item]:
    """List the asked items that are not complete."""
    left = gaps(application)
    return [item for item in results.asked(application) if item.id in left]


def accept_terms(application: Application, person: Person) -> None:
    """Keep which words of the terms were accepted, by whom and when (ISO/IEC 17065, 4.1.2).

    Locks as the door does, the history first, for the step that sends it follows.
    """
    operators.hold(application.site.operator, person)
    hold_for_changes(application)
    terms = scheme_of(application.scheme_version).terms
    application.terms_version = terms.version
    application.terms_sha256 = sha256_of([terms.version, terms.text.ja, terms.text.en])
    application.terms_accepted_by_id = person.id
    application.terms_accepted_at = clock.now()


def submitted(application: Application) -> dict[str, Any]:
    """Give the content of the last submission: what office, reviewers and council read."""
    if not application.submissions:
        raise ServiceError(N_("Nothing was sent yet."))
    return application.submissions[-1].content


def _is_under_way(application: Application) -> bool:
    if application.state == ApplicationState.DRAFT:
        return clock.now() < application.call.closes_at
    return application.state in UNDER_WAY


def _says(answer: Answer) -> bool:
    return answer.verdict is not None or bool(answer.text)


def _gap(answer: Answer | None) -> Gap | None:
    if answer is None or answer.verdict is None:
        return Gap.ANSWER
    if answer.verdict == Verdict.NOT_CARRIED_OUT or answer.text.strip():
        return None
    return Gap.DESCRIPTION


def _may_not_apply(application: Application, item: str) -> bool:
    return any(asked.id == item and asked.may_not_apply for asked in results.asked(application))


def _require_editable(application: Application) -> None:
    if application.state not in EDITABLE:
        raise ServiceError(N_("The application was sent; it can't be changed now."))


def _record(application: Application, act: str, person: Person) -> None:
    history.record(
        history.Event(
            subject_type="application",
            subject_id=application.id,
            application_id=application.id,
            act=act,
            actor=person,
            party="operator",
            to_state=application.state,
        )
    )
