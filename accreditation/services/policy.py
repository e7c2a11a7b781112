"""Who may do what to what: one question, `can`, for pages, downloads, exports and the API.

A rule is a small predicate over a person and, where there is one, the thing asked for. Steps of
a case have their own table (`workflows`); a rule here only opens the room they happen in.
"""

from collections.abc import Callable
from typing import Any

from accreditation.models import (
    Accreditation,
    Application,
    Evidence,
    Incentive,
    MemberRole,
    Office,
    Operator,
    Person,
    Review,
    Site,
)
from accreditation.services import evidence as files
from accreditation.services import reviews
from accreditation.services.facts import asked_to_review
from accreditation.services.members import acts_for, belongs, role_of
from workflows.application import DECIDED, ApplicationState
from workflows.review import FINISHED, ReviewState

Rule = Callable[[Person | None, Any], bool]

_COUNCIL_SEES = DECIDED | {ApplicationState.LISTED}


def anybody(person: Person | None, subject: object) -> bool:
    """Public: no account needed."""
    del person, subject
    return True


def nobody(person: Person | None, subject: object) -> bool:
    """Closed: what has no rule opens to nobody."""
    del person, subject
    return False


def signed_in(person: Person | None, subject: object) -> bool:
    """Anybody with an account."""
    del subject
    return person is not None


def holds(office: Office) -> Rule:
    """Make the rule for people appointed to an office."""

    def rule(person: Person | None, subject: object) -> bool:
        del subject
        return person is not None and office in person.offices

    rule.__name__, rule.__doc__ = f"is_{office}", f"People appointed to this office: {office}."
    return rule


is_office, is_reviewer, is_council = map(holds, (Office.OFFICE, Office.REVIEWER, Office.COUNCIL))
is_administrator = holds(Office.ADMINISTRATOR)


def of_operator(person: Person | None, subject: Operator | Site | Application) -> bool:
    """People of the operator that the thing belongs to, also those who only read."""
    return belongs(person, operator_of(subject))


def acts_for_operator(person: Person | None, subject: Operator | Site | Application) -> bool:
    """Owners and editors of the operator that the thing belongs to."""
    return acts_for(person, operator_of(subject))


def owns_operator(person: Person | None, operator: Operator) -> bool:
    """Owners of the operator: they choose who else acts for it."""
    return role_of(person, operator) is MemberRole.OWNER


def office_reads(person: Person | None, application: Application) -> bool:
    """The office sees what was sent, never a draft, nor a case that is closed to this person."""
    return is_office(person, None) and bool(application.submissions) and _free(person, application)


def office_reads_review(person: Person | None, review: Review) -> bool:
    """The office arranges the reviews of the cases that it reads."""
    return office_reads(person, review.application)


def council_reads(person: Person | None, application: Application) -> bool:
    """The council sees cases on its list and those decided, unless closed to this person."""
    return (
        is_council(person, None)
        and application.state in _COUNCIL_SEES
        and _free(person, application)
    )


def _free(person: Person | None, application: Application) -> bool:
    """Keep people from the case of their own operator, and reviewers to their own review of it."""
    return not belongs(person, application.site.operator) and not asked_to_review(
        person, application
    )


def own_review(person: Person | None, review: Review) -> bool:
    """The assigned reviewer, also before the conflict of interest is declared.

    An unfinished review ends with the application's time in review; a finished one stays readable.
    """
    return (
        is_reviewer(person, None)
        and person is not None
        and review.reviewer_id == person.id
        and review.state != ReviewState.RELEASED
        and (review.state in FINISHED or review.application.state == ApplicationState.IN_REVIEW)
    )


def opened_review(person: Person | None, review: Review) -> bool:
    """The assigned reviewer after declaring to have no conflict of interest."""
    return own_review(person, review) and review.state in {
        ReviewState.OPEN,
        ReviewState.HANDED_IN,
    }


def reads_evidence(person: Person | None, evidence: Evidence) -> bool:
    """The operator; and whoever may read the case that the file was sent with."""
    case = evidence.application
    return own_evidence(person, evidence) or (
        evidence.key in files.sent_with(case)
        and (office_reads(person, case) or council_reads(person, case) or _reviews_it(person, case))
    )


def office_reads_evidence(person: Person | None, evidence: Evidence) -> bool:
    """The office, of a file that was sent with a case that it reads."""
    case = evidence.application
    return office_reads(person, case) and evidence.key in files.sent_with(case)


def own_evidence(person: Person | None, evidence: Evidence) -> bool:
    """People of the operator whose file it is: they get it as they sent it."""
    return belongs(person, evidence.application.site.operator)


def _reviews_it(person: Person | None, application: Application) -> bool:
    return any(opened_review(person, review) for review in reviews.of_application(application))


def reads_notice(person: Person | None, incentive: Incentive) -> bool:
    """The operator that was granted it, and the office."""
    operator = incentive.certificate.accreditation.site.operator
    return belongs(person, operator) or is_office(person, None)


def holds_accreditation(person: Person | None, accreditation: Accreditation) -> bool:
    """Owners and editors of the accredited operator."""
    return acts_for(person, accreditation.site.operator)


def operator_of(subject: Operator | Site | Application) -> Operator:
    """Give the operator that a thing belongs to."""
    if isinstance(subject, Operator):
        return subject
    return subject.operator if isinstance(subject, Site) else subject.site.operator


def can(person: Person | None, rule: Rule, subject: object = None) -> bool:
    """Answer whether a person may do what a rule guards, to this subject."""
    return rule(person, subject)
