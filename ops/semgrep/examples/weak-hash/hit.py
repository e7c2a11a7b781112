import hashlib

from cryptography.hazmat.primitives import hashes

name = hashlib.md5(content).hexdigest()  # hit
name = hashlib.sha1(content).hexdigest()  # hit
name = hashlib.new("md5", content)  # hit
kind = hashes.SHA1()  # hit
