"""What is found on an item, in words: one place for all audiences."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice

from accreditation.schemes.model import Item
from accreditation.schemes.rules import Verdict

VERDICTS = {
    Verdict.CARRIED_OUT: _l("Carried out"),
    Verdict.NOT_CARRIED_OUT: _l("Not carried out"),
    Verdict.NOT_APPLICABLE: _l("Does not apply"),
}


def word(verdict: str | None) -> str:
    """Write a verdict; nothing stands for an item that has no answer or finding."""
    return str(VERDICTS[Verdict(verdict)]) if verdict else _("No answer")


def choices(item: Item) -> list[SelectChoice]:
    """Offer the verdicts that an item allows."""
    return [
        SelectChoice(verdict.value, str(label))
        for verdict, label in VERDICTS.items()
        if verdict != Verdict.NOT_APPLICABLE or item.may_not_apply
    ]
