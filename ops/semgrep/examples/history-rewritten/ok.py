from sqlalchemy import delete, update

db.session.execute(delete(HistoryDetail).where(HistoryDetail.sequence == number))
db.session.execute(update(Mail).values(attempts=0))
