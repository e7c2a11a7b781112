"""Pages for the audience: council."""
