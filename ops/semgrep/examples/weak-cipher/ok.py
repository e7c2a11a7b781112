from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

sealed = Fernet(key).encrypt(content)
sealed = AESGCM(key).encrypt(nonce, content, None)
