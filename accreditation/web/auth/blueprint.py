"""The pages of accounts: what they show belongs to one person and stays out of every cache."""

from flask import Blueprint, Response

pages = Blueprint("auth", __name__)


@pages.after_request
def keep_nowhere(response: Response) -> Response:
    """Forbid every cache to keep these pages: their addresses and fields hold secrets."""
    response.headers["Cache-Control"] = "no-store"
    return response
