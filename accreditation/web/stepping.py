"""Steps on a page: those offered, and the one that somebody tries with what they typed."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask import flash, request
from flask_babel import gettext as _

from accreditation.extensions import db
from accreditation.services import idempotency, steps
from accreditation.services.facts import Subject, kind_of
from accreditation.services.identifiers import paragraphs
from accreditation.web import access, repeated
from workflows.engine import Party, Refusal, Step, StepRefused

NO_HINTS: Mapping[str, str] = {}


def attempt(subject: Subject, name: str) -> StepRefused | None:
    """Take a step as the form asks, once, or give the refusal when it only lacks its reason.

    Every other refusal goes on to its own page. The caller commits and says so (`tell_done`).
    """
    seen = request.form.get("version", type=int)
    take = partial(steps.take_step, subject, name, access.person(), note=_typed(), seen=seen)
    try:
        repeated.do_once(subject, name, take)
    except StepRefused as refused:
        if refused.refusal is not Refusal.NOTE:
            raise
        db.session.rollback()
        return refused
    return None


def tell_done(subject: Subject, name: str) -> None:
    """Say on the next page what was done."""
    step = kind_of(subject).workflow.step(name)
    flash(_("Done: %(step)s.", step=_(step.done)), "success")


def offers(
    subject: Subject,
    party: Party,
    url: Callable[[str], str],
    *,
    hints: Mapping[str, str] = NO_HINTS,
    refused: StepRefused | None = None,
) -> list[dict[str, Any]]:
    """List a party's open steps as the macro `case.steps` wants them.

    `hints` says who reads the reason (message ids, by step); `refused` is the try that lacked its
    reason: what was typed comes back with it.
    """
    suffix = getattr(subject, "key", "")  # several cases of a kind may stand on one page
    shown = []
    for offer in steps.open_steps(subject, access.person()):
        step = offer.step
        if step.by != party:
            continue
        tried = refused is not None and refused.step == step.name
        shown.append(
            {
                "step": step.name,
                "name": f"{step.name}-{suffix}",
                "label": _(step.label),
                "tone": _tone(step),
                "url": url(step.name),
                "form_key": idempotency.new_key(),
                "needs_note": step.needs_note,
                "why_not": _(offer.why_not) if offer.why_not else None,
                "note_hint": _(hints[step.name]) if step.name in hints else "",
                "note": _typed() if tried else "",
                "error": _(refused.why) if tried and refused else "",
            }
        )
    return shown


def _tone(step: Step[Any]) -> str:
    """Say how a step's button looks (`macros/form.html`, `submit`)."""
    if step.grave:
        return "danger"
    return "primary" if step.leads_on else "secondary"


def _typed() -> str:
    return paragraphs(request.form.get("note"))
