import ssl

import requests

answer = requests.get(address, timeout=5)
context = ssl.create_default_context()
server.starttls(context=context)
