from flask import request

form.populate_obj(person)  # hit
person = Person(**request.form)  # hit
person = Person(email=email, **request.get_json())  # hit
query = Query(**request.args.to_dict())  # hit
person.__dict__.update(values)  # hit
