"""Whom to suggest to whom, and why. Staff pick; nobody is ever matched by a machine."""
