"""When there is no copy."""


class CannotCleanError(Exception):
    """A file of which no copy without metadata can be made."""


def require(condition: object, what: str) -> None:
    """Raise CannotCleanError, saying what is in the way, unless the condition holds."""
    if not condition:
        raise CannotCleanError(what)
