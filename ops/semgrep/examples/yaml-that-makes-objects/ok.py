import yaml
from ruamel.yaml import YAML

scheme = yaml.safe_load(text)
scheme = yaml.load(text, Loader=yaml.SafeLoader)
reader = YAML(typ="safe")
