"""What must not wait: words of a crisis, worries about a match, and paging whoever is on call."""
