log.info("signed_in", email=person.email)  # hit
log.warning("link_refused", token=token)  # hit
log.error(password)  # hit
logging.info("token %s", link.token)  # hit
print(person)  # hit
