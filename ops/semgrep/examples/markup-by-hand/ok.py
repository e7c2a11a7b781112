from markupsafe import escape

name = escape(name)
