"""The blueprint that all pages of the administrators hang on."""

from flask import Blueprint

pages = Blueprint("administrator", __name__, url_prefix="/administration")
