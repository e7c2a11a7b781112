from flask import redirect, request


def back():
    wanted = request.args.get("next")
    return redirect(wanted)  # hit


def again():
    return redirect(request.referrer or "/")  # hit


def moved():
    answer = make_response("")
    answer.headers["Location"] = request.form["to"]  # hit
    return answer
