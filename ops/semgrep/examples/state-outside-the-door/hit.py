application.state = ApplicationState.ACCREDITED  # hit
setattr(application, "state", after)  # hit
application.state, application.state_since = after, now  # hit
db.session.execute(update(Application).values(state=after))  # hit
db.session.execute(update(Application).where(Application.id == key).values(state=after))  # hit
