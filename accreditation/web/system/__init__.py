"""Pages for the audience: system."""
