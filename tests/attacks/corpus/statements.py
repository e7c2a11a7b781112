"""Texts that become a part of a statement where values are not bound."""

STATEMENTS = (
    "'",
    '"',
    "\\",
    "' OR '1'='1",
    "' OR 1=1 --",
    '" OR ""="',
    "1; DROP TABLE people",
    "'; UPDATE people SET name='x'; --",
    "' UNION SELECT 1,2,3 --",
    "1 OR 1=1",
    "') OR ('1'='1",
    "x'||(SELECT password_hash FROM people LIMIT 1)||'",
    "' AND randomblob(900000000) --",
    "' AND pg_sleep(9) --",
    "1 ORDER BY 99",
    "name_ja; --",
    "CASE WHEN 1=1 THEN 1 ELSE 1/0 END",
    "%' OR name LIKE '%",
    "$$;SELECT 1$$",
    "/**/OR/**/1=1",
)
# Alike to whoever compares them as text; true and false to a database that reads them.
PAIRS = (
    ("' OR '1'='1' --", "' OR '1'='2' --"),
    ("x' AND 1=1 --", "x' AND 1=2 --"),
    ("1 OR 1=1", "1 OR 1=2"),
    ("1) OR (1=1", "1) OR (1=2"),
    ("x%' OR '%'='", "x%' OR '%'='y"),
    ("'||'a", "'||'b"),
)
