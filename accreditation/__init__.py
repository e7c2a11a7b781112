"""SDG tourism accreditation: apply, review, decide, certify, check."""

from flask import Flask

from accreditation.config import Settings, load_settings


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application from its settings, by default those of the environment."""
    from accreditation import assembly  # noqa: PLC0415 - importing a rule must not need Flask's parts

    return assembly.assemble(settings or load_settings())
