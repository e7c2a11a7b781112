from jinja2 import Environment

environment = Environment(loader=loader, autoescape=True)
app.jinja_options = {"trim_blocks": True}
