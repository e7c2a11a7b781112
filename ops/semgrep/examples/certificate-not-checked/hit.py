import ssl

import requests

answer = requests.get(address, verify=False, timeout=5)  # hit
server.starttls()  # hit
context = ssl._create_unverified_context()  # hit
context.check_hostname = False  # hit
context.verify_mode = ssl.CERT_NONE  # hit
