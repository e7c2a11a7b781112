"""Passkeys (WebAuthn): keys of a person's device, which sign in alone and with two factors.

The device asks its owner for a finger, a face or a number before it answers; so a passkey is
both what they have and what they are or know. Source: W3C Web Authentication, Level 3.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import ParamSpec, TypeVar

from sqlalchemy import delete, select
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import Challenge, Passkey, Person
from accreditation.services import history
from accreditation.services.accounts import notices, people, second_factors
from accreditation.services.accounts.tokens import token_hash
from accreditation.services.errors import NotFoundError, ServiceError
from workflows.engine import N_

P = ParamSpec("P")
T = TypeVar("T")

LASTS = timedelta(minutes=5)  # how long a challenge may be answered
MOST = 10  # passkeys of one person
LONGEST_NAME = 100  # characters: what its column holds
_NO_NAME = N_("Please give the passkey a name.")
_NOT_TAKEN = N_("This passkey was not accepted. Please try again.")


@dataclass(frozen=True)
class RelyingParty:
    """The site as passkeys know it: its host name, its whole address, its name in words."""

    host: str
    origin: str
    name: str


def ask_to_register(person: Person, site: RelyingParty) -> str:
    """Give the options (JSON) with which a browser makes a new passkey for a person."""
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_id=person.key.encode(),
        user_name=person.email,
        user_display_name=person.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=one.credential_id) for one in of_person(person)
        ],
    )
    _remember(options.challenge, person)
    return options_to_json(options)


def register(person: Person, site: RelyingParty, answer: str, name: str) -> Passkey:
    """Keep a new passkey; ServiceError (field `credential` or `name`) when it can't be."""
    name = people.good_name(name, _NO_NAME, LONGEST_NAME)
    history.lock(person)
    if len(of_person(person)) >= MOST:
        why = N_("Ten passkeys are enough. Please remove one first.")
        raise ServiceError(why, field="credential")
    verified = _verified_registration(person, site, answer)
    passkey = Passkey(
        person_id=person.id,
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        name=name,
        made_at=clock.now(),
    )
    db.session.add(passkey)
    db.session.flush()
    notices.tell(person, "add_passkey", N_("A passkey was added to your account"))
    return passkey


def _verified_registration(person: Person, site: RelyingParty, answer: str) -> VerifiedRegistration:
    credential = _read(parse_registration_credential_json, answer)
    verified = _read(
        verify_registration_response,
        credential=credential,
        expected_challenge=_asked(credential.response.client_data_json, person),
        expected_rp_id=site.host,
        expected_origin=site.origin,
        require_user_verification=True,
    )
    if _by_credential(verified.credential_id):
        raise ServiceError(_NOT_TAKEN, field="credential")
    return verified


def ask(site: RelyingParty, person: Person | None = None) -> str:
    """Give the options (JSON) with which a browser asks for a passkey.

    Of a known person one of theirs is asked for; of nobody, whichever the device holds.
    """
    mine = of_person(person) if person else []
    options = generate_authentication_options(
        rp_id=site.host,
        user_verification=UserVerificationRequirement.REQUIRED,
        allow_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in mine],
    )
    _remember(options.challenge, person)
    return options_to_json(options)


def check(site: RelyingParty, answer: str, person: Person | None = None) -> Person:
    """Give the person whose passkey answered; each challenge is answered once.

    ServiceError (field `credential`) when it is not right, or not that person's.
    """
    credential = _read(parse_authentication_credential_json, answer)
    passkey = _by_credential(credential.raw_id)
    if passkey is None or (person and passkey.person_id != person.id):
        raise ServiceError(_NOT_TAKEN, field="credential")
    challenge = _asked(credential.response.client_data_json, person)
    count = _verified_count(passkey, site, credential, challenge)
    if not people.may_enter(passkey.person):
        raise ServiceError(_NOT_TAKEN, field="credential")
    passkey.sign_count, passkey.used_at = count, clock.now()
    return passkey.person


def _verified_count(
    passkey: Passkey, site: RelyingParty, credential: AuthenticationCredential, challenge: bytes
) -> int:
    """Check the signature; a count that does not grow means a copied key (Level 3, 6.1.1)."""
    verified = _read(
        verify_authentication_response,
        credential=credential,
        expected_challenge=challenge,
        expected_rp_id=site.host,
        expected_origin=site.origin,
        credential_public_key=passkey.public_key,
        credential_current_sign_count=passkey.sign_count,
        require_user_verification=True,
    )
    return verified.new_sign_count


def _read(call: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """Let the library read an answer; ServiceError (field `credential`) for whatever it meets."""
    try:
        return call(*given, **named)
    except Exception as error:  # anybody writes answers, and its parsers let all kinds out
        raise ServiceError(_NOT_TAKEN, field="credential") from error


def of_person(person: Person) -> list[Passkey]:
    """List a person's passkeys, oldest first."""
    chosen = select(Passkey).where(Passkey.person_id == person.id)
    return list(db.session.scalars(chosen.order_by(Passkey.id)))


def remove(person: Person, passkey_id: int) -> None:
    """Take one of a person's own passkeys away.

    NotFoundError when there is none such; ServiceError when it is their last second factor.
    """
    history.lock(person)
    found = next((one for one in of_person(person) if one.id == passkey_id), None)
    if found is None:
        raise NotFoundError
    db.session.delete(found)
    db.session.flush()
    second_factors.require_enough(person)
    notices.tell(person, "remove_passkey", N_("A passkey of your account was removed"))


def _by_credential(credential_id: bytes) -> Passkey | None:
    return db.session.scalar(select(Passkey).where(Passkey.credential_id == credential_id))


def _remember(challenge: bytes, person: Person | None) -> None:
    db.session.execute(delete(Challenge).where(Challenge.expires_at < clock.now()))
    asked = Challenge(
        challenge_hash=token_hash(challenge.hex()),
        person_id=person.id if person else None,
        expires_at=clock.now() + LASTS,
    )
    db.session.add(asked)


def _asked(client_data: bytes, person: Person | None) -> bytes:
    """Give the challenge that was answered, which works no more; ServiceError if not ours."""
    challenge = _read(parse_client_data_json, client_data).challenge
    ours = delete(Challenge).where(
        Challenge.challenge_hash == token_hash(challenge.hex()),
        Challenge.expires_at >= clock.now(),
        Challenge.person_id.is_(None) if person is None else Challenge.person_id == person.id,
    )
    if db.session.scalar(ours.returning(Challenge.id)) is None:
        raise ServiceError(_NOT_TAKEN, field="credential")
    return challenge
