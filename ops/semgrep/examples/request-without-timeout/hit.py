import smtplib
import socket
from urllib.request import urlopen

import requests

answer = requests.get(address)  # hit
answer = requests.post(address, json=body)  # hit
answer = urlopen(address)  # hit
server = smtplib.SMTP(host, 25)  # hit
line = socket.create_connection((host, 25))  # hit
