entry = history.record(history.Event(act="accredit"))
