"""A bare Flask application that knows nothing but the templates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask_babel import Babel
from jinja2 import StrictUndefined

from accreditation.web import access, page

TEMPLATES = Path(__file__).parents[2] / "templates"


@pytest.fixture
def app() -> Flask:
    """Return an application in which an unknown name in a template is an error."""
    app = Flask(__name__, template_folder=str(TEMPLATES))
    app.config["WTF_CSRF_ENABLED"] = False
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals["csrf_token"] = lambda: "the-token"
    app.add_template_filter(page.listed, "listed")
    app.add_template_global(access.read_only, "read_only")
    Babel(app)
    return app


@pytest.fixture
def render(app: Flask) -> Iterator[Callable[..., str]]:
    """Render a template string as one of the pages would, with the filters of an address."""
    with app.test_request_context("/list?kind=tour&kind=inn&q=A%26B&page=2"):
        yield render_template_string
