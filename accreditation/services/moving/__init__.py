"""Moving an installation from SQLite and a folder to PostgreSQL and a bucket."""
