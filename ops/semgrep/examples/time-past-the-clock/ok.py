now = clock.now()
