entry = take_step(application, "accredit", person)
if application.state == ApplicationState.ACCREDITED:
    application.terms_accepted_at = None
