"""The pages of the council: its list, the decision, what was accredited."""

from accreditation.web.council import accreditations, cases
from accreditation.web.council.blueprint import pages

__all__ = ["accreditations", "cases", "pages"]
