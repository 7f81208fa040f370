"""Automated calls: the service itself rings a person and opens a conversation."""
