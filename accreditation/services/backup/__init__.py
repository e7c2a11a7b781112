"""Backups: one encrypted file with the database, every file that it names, and a manifest."""
