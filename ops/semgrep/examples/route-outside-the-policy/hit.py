@app.route("/debug")  # hit
def debug(): ...


@pages.route("/either")  # hit
def either(): ...


@app.post("/import")  # hit
def take(): ...


app.add_url_rule("/old", view_func=debug)  # hit
