import random
import uuid

token = random.choice(LETTERS)  # hit
token = str(random.random())  # hit
token = uuid.uuid1()  # hit
