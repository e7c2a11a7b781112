key = settings.session_key
