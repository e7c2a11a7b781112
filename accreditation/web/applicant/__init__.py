"""Pages for the audience: applicant."""
