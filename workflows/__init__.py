"""Pure rules of how a case moves: no web, no database, no files."""
