import requests
from flask import request


def preview():
    url = request.form["website"]
    return requests.get(url, timeout=5).text  # hit


def picture():
    return urlopen(request.args["picture"], timeout=5)  # hit
