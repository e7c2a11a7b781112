"""Pages for the audience: auth."""
