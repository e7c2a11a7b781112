from sqlalchemy import delete, update

db.session.execute(update(HistoryEntry).where(HistoryEntry.sequence == number))  # hit
db.session.execute(delete(Decision))  # hit
db.session.query(Certificate).delete()  # hit
