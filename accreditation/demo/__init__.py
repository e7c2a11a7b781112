"""Demonstration data: real and made-up operators, brought in by taking the real steps."""
