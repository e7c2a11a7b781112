"""The pages of the administrators: people, offices, invitations."""

from accreditation.web.administrator import invitations, outbox, people
from accreditation.web.administrator.blueprint import pages

__all__ = ["invitations", "outbox", "pages", "people"]
