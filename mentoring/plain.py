"""What a keyboard puts around words: taken off before anything is read."""

APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ´`", "'"))
# Writing direction marks, joiners and soft hyphens: some keyboards put them around every word.
INVISIBLE = dict.fromkeys(
    map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067"
        "\u2068\u2069\ufeff\ufe0e\ufe0f")
)  # fmt: skip


def bare(body: str) -> str:
    """Return a text with plain apostrophes and without invisible signs."""
    return body.translate(APOSTROPHES).translate(INVISIBLE)
