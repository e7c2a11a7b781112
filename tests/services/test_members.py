"""The people of an operator: who may do what to whom, and that an owner always stays."""

from collections.abc import Callable
from functools import partial
from itertools import product

import pytest
from flask import Flask

from accreditation.extensions import db, writing
from accreditation.models import Application, MemberRole, Office, Operator, Person
from accreditation.services import facts, history, members, operators, policy, reviews
from accreditation.services.accounts import closing, people
from accreditation.services.errors import NotFoundError, ServiceError
from accreditation.services.steps import open_steps, take_step
from tests import factories
from tests.threads import at_once, errors
from workflows.application import ApplicationState
from workflows.engine import Party, StepRefused

R = MemberRole
OWNER, EDITOR, VIEWER = R.OWNER, R.EDITOR, R.VIEWER


@pytest.fixture
def operator(context: Flask) -> Operator:
    """An operator with one owner."""
    del context
    return factories.operator()


def somebody(operator: Operator, role: MemberRole | None) -> Person:
    return factories.member(operator, role) if role else factories.person()


def roles(operator: Operator) -> list[MemberRole]:
    return [one.role for one in members.of_operator(operator)]


def acts(operator: Operator) -> list[str]:
    return [entry.act for entry in history.of_subject("operator", operator.id)]


@pytest.mark.parametrize(
    ("role", "belongs", "acts_for"),
    [(OWNER, True, True), (EDITOR, True, True), (VIEWER, True, False), (None, False, False)],
)
def test_what_somebody_is_to_an_operator(
    operator: Operator, role: MemberRole | None, *, belongs: bool, acts_for: bool
) -> None:
    person = somebody(operator, role)
    assert members.role_of(person, operator) is role
    assert members.belongs(person, operator) is belongs
    assert members.acts_for(person, operator) is acts_for
    assert members.role_of(person, factories.operator()) is None
    assert not members.belongs(None, operator)


@pytest.mark.parametrize("mine", [*MemberRole, None])
def test_only_an_owner_gives_roles(operator: Operator, mine: MemberRole | None) -> None:
    actor = somebody(operator, mine)
    for theirs, new in product(MemberRole, MemberRole):
        other = factories.member(operator, theirs)
        written = acts(operator)
        if mine is OWNER:
            members.change_role(operator, other.key, new, actor)
            assert members.role_of(other, operator) is new
            assert acts(operator)[len(written) :] == ["change_role"] * (new is not theirs)
        else:
            with pytest.raises(NotFoundError):
                members.change_role(operator, other.key, new, actor)
            assert members.role_of(other, operator) is theirs


@pytest.mark.parametrize("mine", list(MemberRole))
def test_nobody_raises_themselves(operator: Operator, mine: MemberRole) -> None:
    for new in MemberRole:
        actor = factories.member(operator, mine)
        if mine is OWNER:
            members.change_role(operator, actor.key, new, actor)
            assert members.role_of(actor, operator) is new
        else:
            with pytest.raises(NotFoundError):
                members.change_role(operator, actor.key, new, actor)
            assert members.role_of(actor, operator) is mine


@pytest.mark.parametrize("mine", [*MemberRole, None])
def test_only_an_owner_lets_others_go(operator: Operator, mine: MemberRole | None) -> None:
    actor = somebody(operator, mine)
    for theirs in MemberRole:
        other = factories.member(operator, theirs)
        if mine is OWNER:
            members.remove(operator, other.key, actor)
            assert members.role_of(other, operator) is None
            assert acts(operator)[-1] == "remove_member"
        else:
            with pytest.raises(NotFoundError):
                members.remove(operator, other.key, actor)
            assert members.role_of(other, operator) is theirs


@pytest.mark.parametrize("mine", list(MemberRole))
def test_everybody_may_leave_who_is_not_the_last_owner(
    operator: Operator, mine: MemberRole
) -> None:
    person = factories.member(operator, mine)
    members.remove(operator, person.key, person)
    assert members.role_of(person, operator) is None
    assert acts(operator)[-1] == "leave"


@pytest.mark.parametrize("others", [(), (EDITOR, VIEWER)])
def test_the_last_owner_stays(operator: Operator, others: tuple[MemberRole, ...]) -> None:
    owner = factories.owner_of(operator)
    for role in others:
        factories.member(operator, role)
    closing.close(factories.member(operator, OWNER))
    db.session.commit()
    for act in (
        partial(members.remove, operator, owner.key, owner),
        partial(members.change_role, operator, owner.key, EDITOR, owner),
        partial(members.change_role, operator, owner.key, VIEWER, owner),
    ):
        with pytest.raises(ServiceError, match="needs an owner"):
            act()
        db.session.rollback()
        assert roles(operator) == [OWNER, *others], "a closed account owns nothing"


def test_members_of_other_operators_are_not_found(operator: Operator) -> None:
    owner, stranger = factories.owner_of(operator), factories.owner_of(factories.operator())
    gone = factories.member(operator, EDITOR)
    closing.close(gone)
    for key in (stranger.key, gone.key, "made-up"):
        with pytest.raises(NotFoundError):
            members.remove(operator, key, owner)
        with pytest.raises(NotFoundError):
            members.change_role(operator, key, VIEWER, owner)


@pytest.mark.parametrize("role", [EDITOR, VIEWER, None])
def test_two_owners_who_turn_on_each_other_leave_one(app: Flask, role: MemberRole | None) -> None:
    with app.app_context(), writing():
        made = factories.operator()
        one, other = factories.owner_of(made), factories.member(made, OWNER)
        known, ids = made.id, (one.id, other.id)
        db.session.commit()

    def turn(actor_id: int, other_id: int) -> None:
        operator = db.session.get_one(Operator, known)
        actor, target = (db.session.get_one(Person, each) for each in (actor_id, other_id))
        assert members.of_operator(operator), "a page looks at them first"
        if role:
            members.change_role(operator, target.key, role, actor)
        else:
            members.remove(operator, target.key, actor)

    [late] = errors(at_once(app, partial(turn, *ids), partial(turn, *reversed(ids))))
    assert isinstance(late, NotFoundError), late
    with app.app_context():
        assert roles(db.session.get_one(Operator, known)).count(OWNER) == 1
        assert history.verify() is None


def test_two_owners_who_leave_at_the_same_moment_leave_one(app: Flask) -> None:
    with app.app_context(), writing():
        made = factories.operator()
        known, ids = made.id, (factories.owner_of(made).id, factories.member(made, OWNER).id)
        db.session.commit()

    def leave(person_id: int) -> None:
        person = db.session.get_one(Person, person_id)
        members.remove(db.session.get_one(Operator, known), person.key, person)

    [late] = errors(at_once(app, *(partial(leave, one) for one in ids)))
    assert isinstance(late, ServiceError), late
    with app.app_context():
        assert roles(db.session.get_one(Operator, known)) == [OWNER]


@pytest.fixture
def case(operator: Operator) -> Application:
    """A case of the operator that was sent."""
    return factories.application(ApplicationState.SUBMITTED, of=factories.site(operator))


def test_a_viewer_reads_and_does_nothing(case: Application) -> None:
    operator = case.site.operator
    viewer, editor = factories.member(operator, VIEWER), factories.member(operator, EDITOR)
    assert facts.parties_of(viewer, case) == frozenset()
    assert facts.parties_of(editor, case) == {Party.OPERATOR}
    assert policy.can(viewer, policy.of_operator, case)
    assert not policy.can(viewer, policy.acts_for_operator, case)
    assert not policy.can(editor, policy.owns_operator, operator)
    assert open_steps(case, viewer) == []
    assert open_steps(case, editor)
    with pytest.raises(StepRefused):
        take_step(case, "withdraw", viewer, note="見本の理由")
    with pytest.raises(ServiceError, match="do not act for this operator"):
        operators.add_site(operator, viewer, "tour", {"name_ja": "別の宿", "address_ja": "金沢市"})


@pytest.mark.parametrize("role", list(MemberRole))
def test_whoever_belongs_to_an_operator_is_not_impartial(
    case: Application, role: MemberRole
) -> None:
    person = factories.member(case.site.operator, role)
    for office in (Office.OFFICE, Office.REVIEWER, Office.COUNCIL):
        people.appoint(person, office)
    assert not policy.can(person, policy.office_reads, case)
    with pytest.raises(StepRefused):
        take_step(case, "accept", person)
    take_step(case, "accept", factories.person(Office.OFFICE))
    with pytest.raises(ServiceError):
        reviews.assign(case, person, factories.person(Office.OFFICE))


def _removed(operator: Operator, person: Person) -> None:
    members.remove(operator, person.key, factories.owner_of(operator))


def _left(operator: Operator, person: Person) -> None:
    members.remove(operator, person.key, person)


@pytest.mark.parametrize("go", [_removed, _left])
@pytest.mark.parametrize("role", list(MemberRole))
def test_access_ends_at_once(
    case: Application, role: MemberRole, go: Callable[[Operator, Person], None]
) -> None:
    operator = case.site.operator
    person = factories.member(operator, role)
    assert policy.can(person, policy.of_operator, case)
    go(operator, person)
    rules = (policy.of_operator, policy.acts_for_operator, policy.owns_operator)
    assert not any(policy.can(person, rule, operator) for rule in rules)
    assert not policy.can(person, policy.of_operator, case)
    assert operators.of_person(person) == []
    assert facts.parties_of(person, case) == frozenset()
    with pytest.raises(StepRefused):
        take_step(case, "withdraw", person, note="見本の理由")
