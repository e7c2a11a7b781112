"""The map of personal data: every column of every table, and why and how long it is kept.

The tables are compared with it by a test: a new column without a place here fails. The periods
are proposals for the city's own rules on the keeping of records.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Purpose:
    """One kind of personal data: who reads it, how long it is kept, and what for."""

    title: str
    readers: str
    kept: str
    reason: str


@dataclass(frozen=True)
class Held:
    """The columns of a table: the personal ones, each with its purpose, and the others."""

    personal: dict[str, Purpose] = field(default_factory=dict)
    other: str = ""

    @property
    def columns(self) -> set[str]:
        """All columns."""
        return {*self.personal, *self.other.split()}


ACCOUNT = Purpose(
    "who somebody is",
    "themselves, the administrators; names also colleagues and the office",
    "until forgotten; an operator's people: its last case or accreditation + 5 years",
    "to let in whom it concerns, and to answer them",
)
CREDENTIAL = Purpose(
    "what proves who somebody is",
    "nobody: hashes, public keys and encrypted secrets",
    "while it is set up; used up or run out + 30 days",
    "to keep others out",
)
SIGN_IN = Purpose(
    "when and with which browser somebody signed in",
    "themselves, the administrators",
    "end + 30 days",
    "so that a stranger in an account is found out",
)
ROLE = Purpose(
    "for whom somebody acts",
    "colleagues, the office, the administrators",
    "until it ends or the person is forgotten",
    "to open what is theirs and nothing else",
)
CONTACT = Purpose(
    "how an operator is reached and who represents it",
    "the operator, the office, reviewers and council of its cases",
    "last case or accreditation + 5 years",
    "to deal with its cases",
)
BUSINESS = Purpose(
    "what an operator is; of a sole proprietor it is personal",
    "everybody, once accredited",
    "permanent: it stands in the register",
    "so that travellers know who was accredited",
)
CASE = Purpose(
    "what was said and sent in a case",
    "the operator, the office, reviewers and council of the case",
    "permanent: the decision rests on it; who it was goes when the person is forgotten",
    "to decide on it",
)
EVIDENCE = Purpose(
    "files of evidence; they may show people",
    "the operator, the office, reviewers and council of the case",
    "accredited: decision + 3 years; otherwise: end of the case + 1 year",
    "to prove what was said",
)
REVIEW = Purpose(
    "who reviewed, and what they found",
    "the office and the council; never the operator",
    "who it was: decision + 3 years; what was found: permanent",
    "to decide on it, and to keep evaluation and decision apart",
)
DECISION = Purpose(
    "what was decided by whom",
    "the office and the council; the outcome also the operator",
    "permanent; who it was goes when the person is forgotten",
    "to answer for it",
)
LETTER = Purpose(
    "mails that were sent",
    "whoever got it; of a case also the office",
    "about accounts: 30 days; of a case: its end + 3 years",
    "to show that somebody was told",
)
RECORD = Purpose(
    "who did what and wrote what beside it",
    "the office; of a case also its parties, as far as it concerns them",
    "end of the case + 10 years, or until the person is forgotten; the chain itself is permanent",
    "to show that nothing was changed",
)


def _all(purpose: Purpose, names: str) -> dict[str, Purpose]:
    return dict.fromkeys(names.split(), purpose)


TABLES: dict[str, Held] = {
    "accreditations": Held(
        _all(BUSINESS, "search_text"),
        "id number site_id state state_since valid_until kind created_at version",
    ),
    "answers": Held(_all(CASE, "text"), "id application_id item verdict updated_at version"),
    "applications": Held(
        _all(CASE, "terms_accepted_by_id terms_accepted_at"),
        "id key call_id site_id scheme_version_id state state_since cycle indicators "
        "terms_version terms_sha256 created_at version",
    ),
    "appointments": Held(_all(ROLE, "person_id office since"), "id"),
    "attachments": Held(other="id answer_id evidence_id"),
    "authenticators": Held(_all(CREDENTIAL, "person_id secret made_at confirmed_at last_step")),
    "call_programmes": Held(other="call_id programme_id"),
    "calls": Held(
        other="id key scheme_version_id title_ja title_en fiscal_year opens_at closes_at version"
    ),
    "certificates": Held(
        _all(BUSINESS, "holder"),
        "id accreditation_id application_id decision_id document_id edition code indicators "
        "conditions level fiscal_year valid_from valid_until",
    ),
    "certified_indicators": Held(other="accreditation_id indicator"),
    "challenges": Held(_all(CREDENTIAL, "challenge_hash person_id"), "id expires_at"),
    "decisions": Held(
        _all(DECISION, "reasons conditions decided_by_id decided_at"),
        "id application_id outcome indicators decided_on",
    ),
    "documents": Held(_all(BUSINESS, "sha256"), "id kind ordered_at made_at size attempts failure"),
    "erasures": Held(other="id what subject announced_on"),
    "evidence": Held(
        _all(EVIDENCE, "name sha256 uploaded_by_id uploaded_at"),
        "id key application_id media_type size",
    ),
    "findings": Held(_all(REVIEW, "reason"), "id review_id item verdict updated_at version"),
    "history": Held(
        other="sequence at subject_type subject_id application_id act party from_state to_state "
        "commitment previous_hash hash"
    ),
    "history_details": Held(_all(RECORD, "content"), "sequence salt"),
    "history_head": Held(other="id sequence hash"),
    "idempotency_keys": Held(
        _all(SIGN_IN, "person_id act subject_type subject_id done_at"), "id key_hash fingerprint"
    ),
    "incentives": Held(
        other="id key number programme_id certificate_id document_id state state_since amount_yen "
        "decided_on version"
    ),
    "invitations": Held(
        {
            **_all(CREDENTIAL, "token_hash"),
            **_all(ROLE, "email language office role invited_by_id"),
        },
        "id key operator_id invited_at expires_at accepted_at revoked_at",
    ),
    "mails": Held(
        _all(LETTER, "recipient language subject body author_id written_at"),
        "id message_id application_id history_sequence sent_at claimed_at attempts failure",
    ),
    "memberships": Held(_all(ROLE, "person_id role"), "id operator_id"),
    "number_series": Held(other="series fiscal_year last"),
    "one_time_links": Held(
        {
            **_all(CREDENTIAL, "token_hash"),
            **_all(SIGN_IN, "purpose email person_id language made_at used_at"),
        },
        "id expires_at",
    ),
    "operators": Held(
        {
            **_all(BUSINESS, "name_ja name_kana name_en corporate_number address website"),
            **_all(CONTACT, "representative postal_code phone"),
        },
        "id key entity_type created_at demonstration version",
    ),
    "passkeys": Held(
        _all(CREDENTIAL, "person_id credential_id public_key sign_count name made_at used_at"), "id"
    ),
    "people": Held(
        {
            **_all(ACCOUNT, "key email name language created_at closes_at disabled_at"),
            **_all(CREDENTIAL, "password_hash short_password"),
        },
        "id demonstration",
    ),
    "practices": Held(_all(BUSINESS, "text_ja text_en"), "id site_id indicator"),
    "programmes": Held(
        other="id key name_ja name_en benefit_ja benefit_en kind fiscal_year amount_yen "
        "budget_yen committed_yen created_at version"
    ),
    "reconciliations": Held(
        _all(REVIEW, "reason settled_by_id settled_at"), "id application_id item verdict"
    ),
    "recovery_codes": Held(_all(CREDENTIAL, "person_id code_hash made_at used_at"), "id"),
    "reviews": Held(
        _all(REVIEW, "reviewer_id state_since assigned_at"), "id key application_id state version"
    ),
    "scheme_versions": Held(other="id scheme version sha256 text published_at"),
    "sign_ins": Held(
        {
            **_all(CREDENTIAL, "token_hash"),
            **_all(SIGN_IN, "person_id started_at proved_at second_factor_at ended_at browser"),
        },
        "id",
    ),
    "sites": Held(
        _all(
            BUSINESS,
            "name_ja name_kana name_en address_ja address_en description_ja description_en website",
        ),
        "id key operator_id kind created_at version",
    ),
    "submissions": Held(
        _all(CASE, "content sent_by_id sent_at"), "id application_id number sha256 erased_at"
    ),
    "switches": Held(other="id name paused_at reason"),
}

# What no export ever holds: with it, or by trying, somebody could get in.
SECRETS = frozenset(
    {
        "authenticators.secret",
        "authenticators.last_step",
        "challenges.challenge_hash",
        "invitations.token_hash",
        "one_time_links.token_hash",
        "people.password_hash",
        "people.short_password",
        "recovery_codes.code_hash",
        "sign_ins.token_hash",
    }
)


def as_markdown() -> str:
    """Write the map down: a line for each purpose in each table."""
    lines = ["| table | columns | what | who reads it | kept | why |", "|---|---|---|---|---|---|"]
    return "\n".join([*lines, *_lines()])


def _lines() -> Iterator[str]:
    for name, held in TABLES.items():
        for purpose in dict.fromkeys(held.personal.values()):
            columns = ", ".join(f"`{one}`" for one, why in held.personal.items() if why == purpose)
            told = (purpose.title, purpose.readers, purpose.kept, purpose.reason)
            yield f"| `{name}` | {columns} | {' | '.join(told)} |"
