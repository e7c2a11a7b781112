from flask import render_template

page = render_template("public/home.html", text=text)
