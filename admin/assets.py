"""Where sheets, scripts and pictures of the page are found: at an address that changes with them.

A browser keeps what it has from an address for good, so after an update no old script meets a new
page. Scripts import each other from beside themselves, and so from the same edition.
"""

from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
# A year; the address is another one as soon as there is anything new.
KEPT = "public, max-age=31536000, immutable"


def edition_of(folder: Path) -> str:
    """Return a few letters that are the same as long as the files of a folder are."""
    digest = sha256()
    for file in sorted(folder.iterdir()):
        digest.update(f"{file.name}:{sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:12]
