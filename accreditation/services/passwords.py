"""What makes a password too weak: its length, a list of common ones, what is known of its owner."""

import re
import unicodedata

from zxcvbn import zxcvbn

from workflows.engine import N_

SHORTEST = 15  # characters without a second factor: NIST SP 800-63B-4, section 3.1.1.2
LONGEST = 256
_CHECKED = 72  # characters that the strength estimate reads; more only makes it slower
_STRONG_ENOUGH = 3  # of 4: more than 10^8 guesses
_LEAST_REST = 8  # letters and digits besides the words that anybody would try first
_OWN_WORDS = ("accreditation", "kanazawa", "金沢", "sdgs", "tourism", "認定")


def normal_password(password: str) -> str:
    """Write a password in one form, so that it fits from every keyboard and system.

    Source: NIST SP 800-63B-4, section 3.1.1.2 (normalisation NFKC before hashing).
    """
    return unicodedata.normalize("NFKC", password)


def objection(password: str, about: tuple[str, ...] = ()) -> str | None:
    """Say what speaks against a password (a message id), or None.

    `about` is what is known of its owner: name and address make poor passwords.
    """
    password = normal_password(password)
    if len(password) < SHORTEST:
        return N_("Please use at least 15 characters; a sentence is fine.")
    if len(password) > LONGEST:
        return N_("Please use at most 256 characters.")
    known = {word for text in (*about, *_OWN_WORDS) for word in _words(text)}
    found = zxcvbn(password[:_CHECKED], user_inputs=sorted(known))
    if found["score"] < _STRONG_ENOUGH or _is_made_of(known, password):
        return N_("This password is too common or too easy to guess. Please choose another one.")
    return None


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s@.]+", text.casefold()) if len(word) > 1]


def _is_made_of(known: set[str], password: str) -> bool:
    """Whether hardly anything is left of a password without the words that are known."""
    rest = password.casefold()
    for word in sorted(known, key=len, reverse=True):
        rest = rest.replace(word, "")
    return sum(character.isalnum() for character in rest) < _LEAST_REST
