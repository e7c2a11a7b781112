import yaml
from ruamel.yaml import YAML

scheme = yaml.load(text)  # hit
scheme = yaml.load(text, Loader=yaml.Loader)  # hit
scheme = yaml.full_load(text)  # hit
reader = YAML(typ="unsafe")  # hit
