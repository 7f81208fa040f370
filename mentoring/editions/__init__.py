"""The wording as staff edit it: what may be said, what is live, and who made it so."""
