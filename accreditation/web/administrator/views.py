"""The pages of the administrators: people, offices, invitations."""

from accreditation.web.administrator import invitations, people
from accreditation.web.administrator.blueprint import pages

__all__ = ["invitations", "pages", "people"]
