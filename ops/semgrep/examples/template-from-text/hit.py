import jinja2
from flask import render_template_string

page = render_template_string(text)  # hit
page = app.jinja_env.from_string(text)  # hit
page = jinja2.Template(text)  # hit
