class Small(FlaskForm):
    class Meta:
        csrf = False  # hit


@csrf.exempt  # hit
def hook(): ...


form = Small(meta={"csrf": False})  # hit
app.config["WTF_CSRF_ENABLED"] = False  # hit
