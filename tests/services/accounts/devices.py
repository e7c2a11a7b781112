"""People with passkeys, on a site that has a name."""

from accreditation.models import Passkey, Person
from accreditation.services.accounts import passkeys
from accreditation.services.accounts.passkeys import RelyingParty
from tests.authenticator import Device

SITE = RelyingParty("nintei.example.jp", "https://nintei.example.jp", "認定")


def register(person: Person, device: Device) -> Passkey:
    """Let a device make a person's passkey."""
    answer = device.register(passkeys.ask_to_register(person, SITE))
    return passkeys.register(person, SITE, answer, "わたしの電話")


def equip(person: Person) -> Device:
    """Give a person a device with a passkey."""
    device = Device(SITE.origin)
    register(person, device)
    return device


def answer_of(device: Device, person: Person | None = None) -> str:
    """Let a device answer what was just asked."""
    return device.sign(passkeys.ask(SITE, person))
