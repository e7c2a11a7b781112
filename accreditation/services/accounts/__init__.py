"""Accounts: who somebody is, how they prove it, and what they may be invited to."""
