import hashlib

from cryptography.hazmat.primitives import hashes

name = hashlib.sha256(content).hexdigest()
kind = hashes.SHA256()
