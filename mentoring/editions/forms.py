"""The sentences of one prompt that staff can edit, and how they are laid over what was shipped."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType

from mentoring.flows.catalog import Wording, labelled

# The forms of a prompt but for its labels, by the names that staff know them by.
NAMES = MappingProxyType(
    {
        "voice": "Spoken",
        "text": "Texted",
        "short": "Spoken again, shortly",
        "keys": "Spoken for the keys alone",
        "retry": "Quoted after an answer that was not understood",
    }
)
SPOKEN = ("voice", "short", "keys")


@dataclass(frozen=True)
class Forms:
    """What can be edited of one prompt. The words that choose an option cannot.

    A form that does not exist is the empty string. So is `short` where it is the spoken form
    itself, and every spoken form of a text that borrows the voice of another prompt.
    """

    voice: str = ""
    text: str = ""
    short: str = ""
    keys: str = ""
    retry: str = ""
    labels: tuple[str, ...] = ()

    def by_name(self) -> dict[str, str]:
        """Return the sentences by the names of their forms, without the labels."""
        return {name: str(getattr(self, name)) for name in NAMES}

    @property
    def fingerprint(self) -> str:
        """What tells these very words from any others, so that a signature is for them alone."""
        told = json.dumps(asdict(self), sort_keys=True).encode()
        return hashlib.sha256(told).hexdigest()


def forms_of(wording: Wording) -> Forms:
    """Return what can be edited of a wording."""
    if wording.spoken_as:
        return Forms(text=wording.text, retry=wording.retry)
    return Forms(
        voice=wording.voice,
        text=wording.text,
        short=wording.short if wording.has_short else "",
        keys=wording.keys,
        retry=wording.retry,
        labels=tuple(option.label for option in wording.options),
    )


def reword(shipped: Wording, forms: Forms, *, edition: int | None) -> Wording:
    """Return a wording with the sentences of an edition in it."""
    if shipped.spoken_as:
        return replace(shipped, text=forms.text, retry=forms.retry, edition=edition)
    options = (
        labelled(label, option.words)
        for label, option in zip(forms.labels, shipped.options, strict=True)
    )
    return replace(
        shipped,
        voice=forms.voice,
        text=forms.text,
        short=forms.short or forms.voice,
        keys=forms.keys,
        retry=forms.retry,
        options=tuple(options),
        edition=edition,
        spoken_edition=edition,
    )
