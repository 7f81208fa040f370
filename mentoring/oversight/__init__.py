"""Watching over all matches: rules, and the sweep that finds where a person's eye is needed."""
