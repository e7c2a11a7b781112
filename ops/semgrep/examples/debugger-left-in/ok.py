app.run(port=8000)
log.debug("started")
