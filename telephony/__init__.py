"""The carrier, and everything spoken."""
