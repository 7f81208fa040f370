"""Why something was done, as the page tells it: an entry of the audit log keeps codes."""

import re

from admin.labels import MODES, PROFILE, SAFE_CONTACT, in_words, several
from mentoring.matching.words import LANGUAGES
from mentoring.models import AuditEntry

_CHANGED = "changed "
_CODE = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
# What a detail of a person says, by its key; `mentoring/details.py` writes both sides of a change.
_SAID = {
    **{key: words for key, (_, words) in PROFILE.items()},
    "language": LANGUAGES,
    "mode": {mode.value: words for mode, words in MODES.items()},
    "safe_contact": {str(code): words for code, words in SAFE_CONTACT.items()},
}


def why_in_words(entry: AuditEntry) -> str:
    """Return why something was done, or what was changed into what, without a code."""
    detail = entry.action.removeprefix(_CHANGED).replace(" ", "_")
    was, changed, into = entry.reason.partition(" -> ")
    if changed and entry.action.startswith(_CHANGED):
        said = _SAID.get(detail)
        if not said:
            return f"from {was} to {into}"
        return f"from {several(was, said)} to {several(into, said)}"
    return _CODE.sub(lambda found: in_words(found[0]), entry.reason)
