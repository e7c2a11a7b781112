def grant(application):
    application.accreditation = Accreditation()
    db.session.flush()
