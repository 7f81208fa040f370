"""The programme itself: records and rules. It knows no web, no queue and no carrier."""
