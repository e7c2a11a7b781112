import markupsafe
from markupsafe import Markup

name = Markup(f"<b>{name}</b>")  # hit
name = markupsafe.Markup(name)  # hit
