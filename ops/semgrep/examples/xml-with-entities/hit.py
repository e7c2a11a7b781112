import xml.etree.ElementTree as ET
import xml.dom.minidom
import lxml.etree

tree = ET.parse(file)  # hit
tree = ET.fromstring(content)  # hit
tree = xml.dom.minidom.parseString(content)  # hit
parser = lxml.etree.XMLParser(recover=True)  # hit
