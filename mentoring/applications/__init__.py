"""From the intake to the waiting list: what staff check and decide, the lessons, and the wait."""
