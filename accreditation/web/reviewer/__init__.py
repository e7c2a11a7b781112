"""Pages for the audience: reviewer."""
