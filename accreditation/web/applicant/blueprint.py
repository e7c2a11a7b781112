"""The blueprint that all pages of the operators' people hang on."""

from flask import Blueprint

pages = Blueprint("applicant", __name__)
