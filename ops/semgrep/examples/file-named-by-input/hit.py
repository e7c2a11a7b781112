from pathlib import Path

from flask import request, send_file


def download():
    return send_file(request.args["path"])  # hit


def keep(file):
    Path("evidence") / file.filename
    target = open("evidence/" + file.filename, "wb")  # hit
    return target


def read():
    return Path(request.form["name"]).read_bytes()  # hit
