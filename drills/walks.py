"""Random walks through all four workflows, counted (promise A15).

    python -m drills.walks [MOVES] [SEED]

Method: a case begins in any state, takes random steps for a while, and another begins. Half of the
tries are steps of its state with every guard content, half are any step by any parties with a fact
turned to its opposite. The model is the table written out in tests/workflows/: every answer is
compared with it, and a step that the table does not allow but that is taken ends the drill. It goes
on until each workflow has made so many moves (2,000), and says which lines of the tables were used.
The same walks, found and shortened by Hypothesis, are in the tests. Exits 0 only when all were.
"""

import random
import sys
from dataclasses import fields, replace
from typing import Any

from tests.workflows.test_accreditation import AccreditationWalk
from tests.workflows.test_application import ApplicationWalk
from tests.workflows.test_incentive import IncentiveWalk
from tests.workflows.test_review import ReviewWalk
from tests.workflows.walks import Walk
from workflows.engine import Party

WALKS: tuple[type[Walk], ...] = (ApplicationWalk, ReviewWalk, AccreditationWalk, IncentiveWalk)
RESTART = 40  # tries, after which a case that goes round and round is left


def turned(facts: Any, chance: random.Random) -> Any:  # noqa: ANN401 - facts of any workflow
    """Give the facts with one of those that are true or false turned to its opposite."""
    truths = [one.name for one in fields(facts) if isinstance(getattr(facts, one.name), bool)]
    name = chance.choice(truths)
    return replace(facts, **{name: not getattr(facts, name)})


def attempt(case: Walk, chance: random.Random) -> tuple[str, bool]:
    """Try one step on a case; gives its name and whether it was taken."""
    offered = case.table.offered(case.state, frozenset(Party))
    if offered and chance.random() < 1 / 2:
        name = chance.choice(offered)
        parties = frozenset({case.table.row(name).by})
        return name, case._try(name, parties, "見本の理由", case.pleased[name]) is None  # noqa: SLF001 - the model's own
    name = chance.choice([*(row.step for row in case.table.rows), "nonsense"])
    parties = frozenset(one for one in Party if chance.random() < 1 / 2)
    facts = turned(case.pleased.get(name) or next(iter(case.pleased.values())), chance)
    return name, case._try(name, parties, chance.choice(["", " ", "見本の理由"]), facts) is None  # noqa: SLF001 - the same


def walked(walk: type[Walk], moves: int, chance: random.Random) -> tuple[int, set[tuple[str, str]]]:
    """Walk until so many moves were made; gives how many tries that took and the lines used."""
    tries = made = 0
    used: set[tuple[str, str]] = set()
    while made < moves:
        case = walk()
        case.state = chance.choice(list(walk.workflow.states))
        for _ in range(RESTART):
            before, tries = str(case.state), tries + 1
            name, taken = attempt(case, chance)
            if taken:
                made += 1
                used.add((name, before))
    return tries, used


def main(moves: int, seed: int) -> int:
    """Walk through every workflow and say how far that went."""
    missing = 0
    for walk in WALKS:
        tries, used = walked(walk, moves, random.Random(seed))  # noqa: S311 - chance, not a secret
        lines = {(row.step, str(state)) for row in walk.table.rows for state in row.leads}
        missing += len(lines - used)
        told = f"{len(lines & used)} of {len(lines)} lines used"
        print(f"{walk.workflow.name}: {tries} tries, at least {moves} moves, {told}")
    print("No step was taken against the tables.")
    return int(missing > 0)


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:]]
    sys.exit(main(*(given + [2000, 1][len(given) :])))
