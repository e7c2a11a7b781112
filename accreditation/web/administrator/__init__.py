"""Pages for the audience: administrators, who look after accounts and offices."""
