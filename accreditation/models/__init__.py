"""The tables, a file for each concept."""

from accreditation.models.accreditations import Accreditation, Certificate, CertifiedIndicator
from accreditation.models.applications import Answer, Application, Attachment, Submission
from accreditation.models.base import Base
from accreditation.models.calls import Call, SchemeVersion
from accreditation.models.credentials import (
    Authenticator,
    Challenge,
    LinkPurpose,
    OneTimeLink,
    Passkey,
    RecoveryCode,
    SignIn,
)
from accreditation.models.decisions import Decision, Outcome
from accreditation.models.documents import Document, DocumentKind
from accreditation.models.erasures import Erasure
from accreditation.models.evidence import Evidence
from accreditation.models.history import HistoryDetail, HistoryEntry, HistoryHead
from accreditation.models.idempotency import IdempotencyKey
from accreditation.models.incentives import Incentive, IncentiveKind, Programme
from accreditation.models.invitations import Invitation
from accreditation.models.mail import Mail
from accreditation.models.numbers import NumberSeries
from accreditation.models.operators import (
    EntityType,
    MemberRole,
    Membership,
    Operator,
    Practice,
    Site,
)
from accreditation.models.people import Appointment, Office, Person
from accreditation.models.reviews import Finding, Reconciliation, Review
from accreditation.models.switches import Switch, SwitchName

__all__ = [
    "Accreditation",
    "Answer",
    "Application",
    "Appointment",
    "Attachment",
    "Authenticator",
    "Base",
    "Call",
    "Certificate",
    "CertifiedIndicator",
    "Challenge",
    "Decision",
    "Document",
    "DocumentKind",
    "EntityType",
    "Erasure",
    "Evidence",
    "Finding",
    "HistoryDetail",
    "HistoryEntry",
    "HistoryHead",
    "IdempotencyKey",
    "Incentive",
    "IncentiveKind",
    "Invitation",
    "LinkPurpose",
    "Mail",
    "MemberRole",
    "Membership",
    "NumberSeries",
    "Office",
    "OneTimeLink",
    "Operator",
    "Outcome",
    "Passkey",
    "Person",
    "Practice",
    "Programme",
    "Reconciliation",
    "RecoveryCode",
    "Review",
    "SchemeVersion",
    "SignIn",
    "Site",
    "Submission",
    "Switch",
    "SwitchName",
]
