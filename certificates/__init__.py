"""Pure documents: plain data in, bytes out. No Flask, no database, no network."""
