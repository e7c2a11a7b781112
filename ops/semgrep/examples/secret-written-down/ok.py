log.info("signed_in", account=person.id)
log.warning("link_refused", reason="used")
click.echo("Certificates are issued again.")
