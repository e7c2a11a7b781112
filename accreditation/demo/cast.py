"""The demonstration's people: visibly made up, and powerless outside the demonstration."""

from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from pyotp import TOTP

from accreditation import clock
from accreditation.models import Office, Person
from accreditation.services.accounts import people, second_factors

PASSWORD = "mihon no kasa wa itsumo nurete iru"  # noqa: S105 - printed at the start, on purpose


@dataclass(frozen=True)
class Part:
    """One account of the demonstration, and what it is for."""

    email: str
    name: str
    office: Office | None
    language: str
    purpose: str


OPERATOR = Part("inn@example.jp", "見本 旅子", None, "ja", "operator with sites in every state")
TOUR = Part("tour@example.jp", "Tabi Mihon", None, "en", "operator of tours, reads English")
KEEPER = Part("published@example.jp", "見本 公子", None, "ja", "acts for the published operators")
OFFICE = Part("office@example.jp", "見本 事務子", Office.OFFICE, "ja", "office")
ADMINISTRATOR = Part("admin@example.jp", "見本 管理子", Office.ADMINISTRATOR, "ja", "administrator")
CHAIR = Part("council@example.jp", "見本 会長", Office.COUNCIL, "ja", "council")
MEMBER = Part("council2@example.jp", "Kai Mihon", Office.COUNCIL, "en", "council, reads English")
REVIEWERS = (
    Part("reviewer@example.jp", "見本 審一", Office.REVIEWER, "ja", "reviewer"),
    Part("reviewer2@example.jp", "Shin Mihon", Office.REVIEWER, "en", "reviewer, reads English"),
    Part("reviewer3@example.jp", "見本 審三", Office.REVIEWER, "ja", "reviewer"),
)
ALL = (OPERATOR, TOUR, KEEPER, OFFICE, CHAIR, MEMBER, *REVIEWERS, ADMINISTRATOR)


class Cast:
    """The accounts, once they are made."""

    def __init__(self) -> None:
        """Make all accounts and appoint them."""
        self._people = {part.email: self._make(part) for part in ALL}

    @staticmethod
    def _make(part: Part) -> Person:
        person = people.create(part.email, part.name, PASSWORD, part.language, demonstration=True)
        if part.office is not None:
            people.appoint(person, part.office)
        if second_factors.needed(person):
            secret = second_factors.begin_authenticator(person)
            second_factors.confirm_authenticator(person, TOTP(secret).at(clock.now()))
        return person

    def __getitem__(self, part: Part) -> Person:
        """Give the account of a part."""
        return self._people[part.email]


def listing(data_dir: Path) -> str:
    """Say how to sign in, a line for each account; `data_dir` is where they are kept."""
    width = max(len(part.email) for part in ALL)
    lines = [f"  {part.email:<{width}}  {part.purpose}" for part in ALL]
    coded = [part.email for part in ALL if part.office in second_factors.NEED_ONE]
    code = f"DEMO=1 DATA_DIR={quote(str(data_dir))} .venv/bin/accreditation demo-code"
    return "\n".join(
        [
            "Sign in as one of these, password for all:",
            f"  {PASSWORD}",
            *lines,
            "These are asked for a code, too, which another terminal prints:",
            *(f"  {code} {email}" for email in coded),
        ]
    )
