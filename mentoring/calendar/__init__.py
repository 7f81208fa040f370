"""The calendar of a match: what waits for its moment, whom we ask what, and the plan of a pair."""
