import re

re.compile(pattern)
connection.execute(query)
run(rule)
