from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

cipher = Cipher(algorithms.AES(key), modes.ECB())  # hit
cipher = Cipher(algorithms.AES(key), modes.CBC(start))  # hit
cipher = Cipher(algorithms.TripleDES(key), modes.GCM(start))  # hit
