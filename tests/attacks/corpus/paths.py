"""Ways to ask for a file outside the place that was meant, as they stand in an address."""

_UP = ("../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..\\", "..%5c", "%252e%252e%252f", "..%c0%af")
_TARGETS = ("etc/passwd", "pyproject.toml", "accreditation/config.py")

TRAVERSALS = (
    *(up * 6 + target for up in _UP for target in _TARGETS),
    *("/etc/passwd", "//etc/passwd", "%2fetc%2fpasswd", "\\etc\\passwd", "C:%5cWindows%5cwin.ini"),
    *("....//....//....//etc/passwd", "..;/..;/etc/passwd", ".%2e/.%2e/etc/passwd"),
    *("file:///etc/passwd", "file:%2f%2f%2fetc%2fpasswd", "css/../../../config.py"),
    *("css/%2e%2e/%2e%2e/config.py", "..%00/..%00/etc/passwd", "../../etc/passwd%00.css"),
    *("css/base.css/../../../config.py", "%ef%bc%8e%ef%bc%8e/config.py", "~root/.bashrc"),
    *("..%u2216..%u2216etc%u2216passwd", "/proc/self/environ", "..%2f..%2fproc%2fself%2fenviron"),
)
# What stands in files that nobody may have, and in none that they may.
OUTSIDE = ("root:x:0:0", "[build-system]", "class Settings(", "SQLite format 3", "SECRET_KEY=")
