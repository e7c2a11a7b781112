import requests


def figures():
    return requests.get(settings.issuer, timeout=5).json()
