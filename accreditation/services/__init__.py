"""Every act, named as the office names it. Services never commit: their caller does, once."""
