"""The tables, a file for each concept."""

from accreditation.models.accreditations import Accreditation, Certificate, CertifiedIndicator
from accreditation.models.applications import Answer, Application, Attachment, Submission
from accreditation.models.base import Base
from accreditation.models.calls import Call, SchemeVersion
from accreditation.models.decisions import Decision, Outcome
from accreditation.models.documents import Document, DocumentKind
from accreditation.models.evidence import Evidence
from accreditation.models.history import HistoryDetail, HistoryEntry, HistoryHead
from accreditation.models.incentives import Incentive, IncentiveKind, Programme
from accreditation.models.mail import Mail
from accreditation.models.numbers import NumberSeries
from accreditation.models.operators import EntityType, Membership, Operator, Practice, Site
from accreditation.models.people import (
    Appointment,
    LinkPurpose,
    Office,
    OneTimeLink,
    Person,
    SignIn,
)
from accreditation.models.reviews import Finding, Reconciliation, Review

__all__ = [
    "Accreditation",
    "Answer",
    "Application",
    "Appointment",
    "Attachment",
    "Base",
    "Call",
    "Certificate",
    "CertifiedIndicator",
    "Decision",
    "Document",
    "DocumentKind",
    "EntityType",
    "Evidence",
    "Finding",
    "HistoryDetail",
    "HistoryEntry",
    "HistoryHead",
    "Incentive",
    "IncentiveKind",
    "LinkPurpose",
    "Mail",
    "Membership",
    "NumberSeries",
    "Office",
    "OneTimeLink",
    "Operator",
    "Outcome",
    "Person",
    "Practice",
    "Programme",
    "Reconciliation",
    "Review",
    "SchemeVersion",
    "SignIn",
    "Site",
    "Submission",
]
