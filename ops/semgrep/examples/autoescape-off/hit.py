from jinja2 import Environment

environment = Environment()  # hit
environment = Environment(loader=loader, autoescape=False)  # hit
app.jinja_env.autoescape = False  # hit
app.jinja_options = {"trim_blocks": True, "autoescape": False}  # hit
