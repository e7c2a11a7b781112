from flask import request

person.name = form.name.data
query = Query(text=request.args.get("q", ""))
office.change(person, name=form.name.data)
