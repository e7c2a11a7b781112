from sqlalchemy import select, text

_ENDED = "state IN ('refused', 'withdrawn')"

db.session.execute(text("SELECT * FROM people WHERE name = :name"), {"name": name})
db.session.scalars(select(Person).where(Person.name == name))
only = text(f"NOT ({_ENDED})")
connection.execute("VACUUM INTO ?", (path,))
