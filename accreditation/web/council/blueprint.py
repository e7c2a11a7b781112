"""The blueprint that all pages of the council hang on."""

from flask import Blueprint

pages = Blueprint("council", __name__)
