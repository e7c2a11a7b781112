from sqlalchemy import text

db.session.execute(f"SELECT * FROM people WHERE name = '{name}'")  # hit
db.session.scalar(f"SELECT id FROM people WHERE id = {key}")  # hit
connection.exec_driver_sql("DELETE FROM people WHERE id = %s" % key)  # hit
query = text(f"SELECT * FROM people ORDER BY {column}")  # hit
query = text("SELECT * FROM people WHERE name = '{}'".format(name))  # hit
query = text("SELECT * FROM people WHERE name = '" + name + "'")  # hit
