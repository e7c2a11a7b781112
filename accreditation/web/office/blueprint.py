"""The blueprint that all pages of the office hang on."""

from flask import Blueprint

pages = Blueprint("office", __name__)
