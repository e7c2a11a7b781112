"""The policy to read: every address and method, and who may use it."""

from dataclasses import asdict, dataclass
from inspect import getdoc

from flask import Flask

from accreditation.web.access import ROUTES

METHODS = ("GET", "POST")  # HEAD and OPTIONS are asked as GET is


@dataclass(frozen=True)
class Route:
    """One address and method. `roles` is the rule's name, `who` its meaning in a sentence.

    `grave` says that a proof of who acts is asked for that is not older than 15 minutes.
    """

    rule: str
    method: str
    endpoint: str
    roles: str
    who: str
    grave: bool


def listed(app: Flask) -> list[Route]:
    """List every address by every method to which it answers, in the order of the addresses."""
    found = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
        access = ROUTES[rule.endpoint]
        for method in (one for one in METHODS if one in (rule.methods or ())):
            asked = access.rule(method)
            who = (getdoc(asked) or "").partition("\n")[0]
            grave = access.grave and method == "POST"
            found.append(Route(rule.rule, method, rule.endpoint, asked.__name__, who, grave))
    return found


def as_rows(app: Flask) -> list[dict[str, object]]:
    """Give the list as plain data, for JSON."""
    return [asdict(route) for route in listed(app)]
