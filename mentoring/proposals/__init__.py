"""Proposals: staff pick, both are asked, and only two who say yes are matched (2.3, 3.7)."""
