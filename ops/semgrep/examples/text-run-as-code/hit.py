eval(rule)  # hit
exec(rule, {})  # hit
code = compile(rule, "<rule>", "eval")  # hit
