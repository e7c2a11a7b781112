from flask import redirect, request, url_for


def back():
    wanted = resend.local_path(request.args.get("next", ""))
    return redirect(wanted or url_for("public.home"))


def entry():
    return redirect(url_for("public.entry", number=request.args["number"]))
