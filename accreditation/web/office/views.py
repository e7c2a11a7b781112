"""The pages of the office: work list, case files, calls, programmes."""

from accreditation.web.office import calls, cases, desk, programmes
from accreditation.web.office.blueprint import pages

__all__ = ["calls", "cases", "desk", "pages", "programmes"]
