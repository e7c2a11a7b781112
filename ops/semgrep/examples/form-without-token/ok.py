class Small(FlaskForm):
    class Meta:
        locales = ("ja",)


form = Small(prefix="item")
