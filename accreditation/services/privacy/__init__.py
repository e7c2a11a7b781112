"""Privacy: what is kept of whom and how long, and how it is given out and erased."""
