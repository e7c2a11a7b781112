"""The blueprint of the reviewer's pages."""

from flask import Blueprint

pages = Blueprint("reviewer", __name__)
