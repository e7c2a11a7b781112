import smtplib
import socket
from urllib.request import urlopen

import requests

answer = requests.get(address, timeout=5)
answer = urlopen(address, timeout=5)
server = smtplib.SMTP(host, 25, timeout=5)
line = socket.create_connection((host, 25), timeout=5)
