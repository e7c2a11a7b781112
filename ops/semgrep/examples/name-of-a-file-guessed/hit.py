import tempfile
from pathlib import Path

path = tempfile.mktemp()  # hit
file = open("/tmp/letter.pdf", "wb")  # hit
path = Path("/tmp/letter.pdf")  # hit
