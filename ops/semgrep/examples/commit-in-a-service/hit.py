def grant(application):
    application.accreditation = Accreditation()
    db.session.commit()  # hit
