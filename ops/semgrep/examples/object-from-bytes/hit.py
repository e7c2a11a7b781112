import pickle
import shelve

order = pickle.loads(content)  # hit
order = pickle.load(file)  # hit
orders = shelve.open(path)  # hit
