"""The pages of the administrators: people, offices, invitations, what waits and what goes."""

from accreditation.web.administrator import erasures, invitations, outbox, people
from accreditation.web.administrator.blueprint import pages

__all__ = ["erasures", "invitations", "outbox", "pages", "people"]
