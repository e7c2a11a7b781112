"""What a service refuses with; the web turns each into words and a status in one place."""


class ServiceError(Exception):
    """An act refused for a reason that the person is told; `why` is a message id."""

    def __init__(self, why: str, field: str | None = None, **given: object) -> None:
        """Keep the sentence, what its places are filled with, and the field that is to blame."""
        super().__init__(why)
        self.why = why
        self.field = field
        self.given = given


class NotFoundError(Exception):
    """What was asked for is not there, or not for this person."""


class OutdatedError(ServiceError):
    """The same thing was changed meanwhile, in another window or by somebody else."""
