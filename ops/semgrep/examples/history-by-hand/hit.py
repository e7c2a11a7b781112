entry = HistoryEntry(sequence=1, act="accredit")  # hit
db.session.add(entry)
