"""Signposts for visitors that are programs: what to search, and whom to tell of a weakness."""

from datetime import UTC, datetime, time, timedelta

from accreditation import clock
from accreditation.config import Settings

# All that is for everybody; what is not named here is named nowhere and searched by nobody.
SEARCHED = ("$", "register", "verify$", "about", "glossary", "accessibility", "privacy", "contact")
FRESH = timedelta(days=180)  # RFC 9116 asks for less than a year


def robots(settings: Settings) -> str:
    """Write robots.txt (RFC 9309); nothing of the demonstration is to be found by search."""
    open_to_all = () if settings.demo else (*SEARCHED, "static/")
    lines = ["User-agent: *", *(f"Allow: /{one}" for one in open_to_all), "Disallow: /"]
    return "\n".join(lines) + "\n"


def security(settings: Settings) -> str:
    """Write security.txt (RFC 9116): the setting is what is kept up, so it is fresh every day."""
    until = datetime.combine(clock.now().astimezone(UTC).date() + FRESH, time(), UTC)
    site = settings.site_address
    lines = {
        "Contact": settings.security_contact or f"{site}/contact",
        "Expires": until.isoformat().replace("+00:00", "Z"),
        "Preferred-Languages": "ja, en",
        "Canonical": f"{site}/.well-known/security.txt",
    }
    return "".join(f"{name}: {value}\n" for name, value in lines.items())
