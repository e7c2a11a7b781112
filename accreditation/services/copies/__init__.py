"""Copies of evidence for those who judge it: what shows, without what lies hidden beside it."""
