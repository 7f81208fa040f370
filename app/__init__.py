"""The composition root, the only place that knows every part: see wiring.py and site.py."""
