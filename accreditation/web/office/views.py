"""The pages of the office: work list, case files, calls, programmes."""

from accreditation.web.office import calls, cases, desk, originals, programmes
from accreditation.web.office.blueprint import pages

__all__ = ["calls", "cases", "desk", "originals", "pages", "programmes"]
