import json
import pickle

order = json.loads(content)
content = pickle.dumps(order)
