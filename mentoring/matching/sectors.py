"""The kinds of business, and which of them are close enough to learn from each other."""

from mentoring.languages import in_each
from mentoring.matching.words import listed

SECTORS: dict[str, str] = {
    "food": in_each(en="food", es="comida", fr="l'alimentation"),
    "crafts": in_each(en="things made by hand", es="artesanía", fr="l'artisanat"),
    "clothes": in_each(en="clothes", es="ropa", fr="les vêtements"),
    "repair": in_each(en="repairs", es="reparaciones", fr="la réparation"),
    "vehicles": in_each(en="cars", es="autos", fr="l'automobile"),
    "outdoor": in_each(en="gardens and grounds", es="jardines", fr="les jardins"),
    "beauty": in_each(en="beauty and grooming", es="belleza", fr="la beauté"),
    "care": in_each(en="care", es="cuidados", fr="les soins"),
    "teaching": in_each(en="teaching", es="enseñanza", fr="l'enseignement"),
    "media": in_each(en="sound, pictures and words", es="sonido, imagen y textos", fr="les médias"),
    "office": in_each(en="office work", es="trabajo de oficina", fr="le travail de bureau"),
    "shop": in_each(en="a shop", es="una tienda", fr="un commerce"),
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


def sector_words(sectors: frozenset[str]) -> str:
    """Return kinds of business in words, in the order of their codes."""
    return listed([SECTORS[each] for each in sorted(sectors)])
