"""What the public may see of an accreditation: the only room that says so.

The standing follows from dates and from what was done, at the moment somebody asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from accreditation import clock
from accreditation.models import Accreditation, Certificate, Practice, Site
from accreditation.schemes.model import Level, Scheme
from accreditation.services.schemes import scheme_of
from workflows.accreditation import Standing, standing

# While an accreditation is suspended or taken away, the register lends the site no voice.
TELLING = frozenset({Standing.VALID, Standing.EXPIRED})


@dataclass(frozen=True)
class Entry:
    """One accreditation as the public sees it, on a day."""

    accreditation: Accreditation
    standing: Standing
    as_of: datetime

    @property
    def number(self) -> str:
        """The accreditation's number."""
        return self.accreditation.number

    @property
    def certificate(self) -> Certificate:
        """The newest edition."""
        return self.accreditation.newest

    @property
    def scheme(self) -> Scheme:
        """The scheme version under which the newest edition was granted."""
        return scheme_of(self.certificate.application.scheme_version)

    @property
    def editions(self) -> list[tuple[Certificate, Scheme]]:
        """Every edition with the scheme version it was granted under, newest first."""
        return [
            (one, scheme_of(one.application.scheme_version))
            for one in reversed(self.accreditation.certificates)
        ]

    @property
    def fiscal_years(self) -> list[int]:
        """The fiscal years in which certificates were granted, oldest first."""
        return sorted({one.fiscal_year for one in self.accreditation.certificates})

    @property
    def website(self) -> str:
        """The site's own address, when it is one that a browser may be sent to, else nothing.

        Nothing either while the accreditation is suspended or was taken away.
        """
        address = self.accreditation.site.website
        return address if self._tells and address.startswith(("https://", "http://")) else ""

    def description(self, language: str) -> str:
        """What the site says of itself; nothing while suspended or after it was taken away."""
        return _told(self.accreditation.site, "description", language) if self._tells else ""

    def practices(self, language: str) -> dict[int, str]:
        """What the site does for each indicator of its certificate, where it tells it.

        Nothing while the accreditation is suspended or was taken away.
        """
        reached = self.certificate.indicators if self._tells else []
        return {
            one.indicator: _told(one, "text", language)
            for one in self.accreditation.site.practices
            if one.indicator in reached
        }

    @property
    def _tells(self) -> bool:
        return self.standing in TELLING

    @property
    def since(self) -> datetime:
        """The instant from which it has stood as it does, without a break.

        A renewal in time breaks nothing; after a lapse validity begins anew with the grant. What
        was lifted after its last day has expired from then on: until then it was suspended.
        """
        accreditation = self.accreditation
        if self.standing == Standing.EXPIRED:
            return max(clock.end_of(accreditation.valid_until), accreditation.state_since)
        if self.standing == Standing.VALID:
            return max(_unbroken(accreditation.certificates), accreditation.state_since)
        return accreditation.state_since

    @property
    def in_date(self) -> bool:
        """Whether the newest edition's last day is still to come, or is today."""
        return clock.day_of(self.as_of) <= self.accreditation.valid_until

    def name(self, language: str) -> str:
        """The site's name as accredited."""
        return self._holder("site", language)

    def operator(self, language: str) -> str:
        """The operator's name as accredited."""
        return self._holder("operator", language)

    def address(self, language: str) -> str:
        """The site's address as accredited."""
        return self._holder("address", language)

    def _holder(self, field: str, language: str) -> str:
        return str(self.certificate.holder[field]["ja" if language.startswith("ja") else "en"])


@dataclass(frozen=True)
class Check:
    """The answer to "is it valid?": the entry, the edition asked for, and the paper's code.

    `genuine` is None when no code was given, else whether the code belongs to this number.
    """

    entry: Entry
    certificate: Certificate
    genuine: bool | None

    @property
    def superseded_by(self) -> int | None:
        """The newest edition, when the one asked for is an earlier one."""
        newest = self.entry.certificate.edition
        return newest if newest > self.certificate.edition else None

    @property
    def shown(self) -> Certificate:
        """The edition to describe: for a paper the newest, else the one asked for."""
        return self.certificate if self.genuine is None else self.entry.certificate

    @property
    def scheme(self) -> Scheme:
        """The scheme version under which the edition shown was granted."""
        return scheme_of(self.shown.application.scheme_version)

    @property
    def level(self) -> Level | None:
        """The level of the edition shown, where the scheme has levels."""
        return next((one for one in self.scheme.rule.levels if one.id == self.shown.level), None)


def _unbroken(editions: Sequence[Certificate]) -> datetime:
    """Give the grant that began the run of editions, without a day between, up to the newest."""
    first = editions[-1]
    for earlier in reversed(editions[:-1]):
        if first.valid_from > earlier.valid_until + timedelta(days=1):
            break
        first = earlier
    return first.decision.decided_at


def entry_of(accreditation: Accreditation) -> Entry:
    """Say how an accreditation stands now."""
    stands = standing(accreditation.state, accreditation.valid_until, clock.today())
    return Entry(accreditation, stands, clock.now())


def _told(row: Site | Practice, field: str, language: str) -> str:
    """Give a text in a language, or in Japanese where it was written in Japanese only."""
    japanese = str(getattr(row, f"{field}_ja"))
    return japanese if language.startswith("ja") else getattr(row, f"{field}_en") or japanese
