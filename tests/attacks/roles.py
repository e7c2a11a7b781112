"""The people of the stage: who reads and who sends to a route, by the rule that it has."""

from accreditation.web.routes import ROUTES

STRANGER = "stranger"
# Who may do what, by the name of the rule; a rule that is new must be entered here.
READERS: dict[str, tuple[str, ...]] = {
    "anybody": (STRANGER,),
    "signed_in": ("owner", "newcomer"),
    "of_operator": ("owner",),
    "acts_for_operator": ("owner",),
    "owns_operator": ("owner",),
    "holds_accreditation": ("owner",),
    "reads_evidence": ("owner", "office", "reviewer", "council"),
    "reads_notice": ("owner", "office"),
    "is_office": ("office",),
    "office_reads": ("office",),
    "office_reads_review": ("office",),
    "office_reads_evidence": ("office",),
    "is_reviewer": ("reviewer",),
    "own_review": ("reviewer",),
    "opened_review": ("reviewer",),
    "is_council": ("council",),
    "council_reads": ("council",),
    "is_administrator": ("administrator",),
}
# Others who see something else at an address.
ALSO = {
    "auth.account": ("leaving",),
    "auth.second": ("half",),
    "applicant.people": ("editor",),
}


def readers(endpoint: str) -> tuple[str, ...]:
    """Say who reads a route."""
    policy = ROUTES[endpoint].read
    return (*ALSO.get(endpoint, ()), *READERS[policy.__name__]) if policy else ()


def senders(endpoint: str) -> tuple[str, ...]:
    """Say who sends to a route."""
    policy = ROUTES[endpoint].write
    return READERS[policy.__name__] if policy else ()
