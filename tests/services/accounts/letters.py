"""What people were mailed about their accounts, and what the history says of them."""

import re

from sqlalchemy import select

from accreditation.extensions import db
from accreditation.models import Mail, Person
from accreditation.services import history


def letters(email: str) -> list[Mail]:
    """List the mails to an address, oldest first."""
    return list(db.session.scalars(select(Mail).filter_by(recipient=email).order_by(Mail.id)))


def subjects(email: str) -> list[str]:
    """List the subjects of the mails to an address, oldest first."""
    return [one.subject for one in letters(email)]


def tokens(email: str) -> list[str]:
    """List the tokens of the links mailed to an address, oldest first."""
    texts = "\n".join(one.body for one in letters(email))
    return re.findall(r"/(?:link|invitation)/(\S+)", texts)


def acts(person: Person) -> list[str]:
    """List what was done to an account, oldest first."""
    return [entry.act for entry in history.of_subject("person", person.id)]
