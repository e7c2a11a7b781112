@pages.get("/register")
def register(): ...


@pages.post("/my/leave")
def leave(): ...


@pages.route("/my/sites", methods=["GET", "POST"])
def sites(): ...
