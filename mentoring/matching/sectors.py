"""The kinds of business, and which of them are close enough to learn from each other."""

SECTORS = {
    "food": "food",
    "crafts": "things made by hand",
    "clothes": "clothes",
    "repair": "repairs",
    "vehicles": "cars",
    "outdoor": "gardens and grounds",
    "beauty": "beauty and grooming",
    "care": "care",
    "teaching": "teaching",
    "media": "sound, pictures and words",
    "office": "office work",
    "shop": "a shop",
}
_NEIGHBOURS = (
    ("food", "shop"),
    ("crafts", "clothes"),
    ("crafts", "shop"),
    ("clothes", "shop"),
    ("repair", "vehicles"),
    ("outdoor", "vehicles"),
    ("beauty", "care"),
    ("care", "teaching"),
    ("teaching", "media"),
    ("media", "office"),
    ("teaching", "office"),
)


def neighbours_of(sector: str) -> frozenset[str]:
    """Return the sectors that are close to one, without itself."""
    return frozenset(
        other for pair in _NEIGHBOURS for other in pair if sector in pair and other != sector
    )
