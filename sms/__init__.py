"""Texting: what the words of a text mean, and how a text is measured and split."""
