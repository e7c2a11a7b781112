from io import BytesIO

from flask import send_file


def download(row):
    return send_file(BytesIO(store.read(row.sha256)), download_name=row.name)
