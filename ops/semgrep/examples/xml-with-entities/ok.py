import lxml.etree

parser = lxml.etree.XMLParser(resolve_entities=False)
written = build(tree)
