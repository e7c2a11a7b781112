"""Pages for the audience: applicant. Importing them hangs them on the blueprint."""

from accreditation.web.applicant import (
    accreditations,
    applications,
    downloads,
    operators,
    people,
    sites,
    writing,
)
from accreditation.web.applicant.blueprint import pages

__all__ = [
    "accreditations",
    "applications",
    "downloads",
    "operators",
    "pages",
    "people",
    "sites",
    "writing",
]
