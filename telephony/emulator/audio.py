"""Small WAV files: silence and a quiet tone as long as the speech was, with its words inside.

The words travel in the LIST/INFO comment of the file, so that a recording which the application
stores and plays again can still be captioned.
"""

import io
import math
import struct
import wave
from dataclasses import dataclass
from functools import cache

_RATE = 8000
_TONE_HERTZ = 440
_LOUDNESS = 24


class AudioError(ValueError):
    """The bytes are not a WAV file."""


@dataclass(frozen=True)
class Sound:
    """What a file holds: the words of its comment, if any, and its length in seconds."""

    words: str
    seconds: float


def make_wav(words: str, seconds: float) -> bytes:
    """Return a mono WAV file, 8 kHz and 8 bit, of that many seconds with the words inside."""
    samples = _second_of_sound()
    count = max(1, round(seconds * _RATE))
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(_RATE)
        file.writeframes((samples * (count // _RATE + 1))[:count])
    return _with_comment(buffer.getvalue(), words)


@cache
def _second_of_sound() -> bytes:
    return bytes(
        128 + round(_LOUDNESS * math.sin(2 * math.pi * _TONE_HERTZ * index / _RATE))
        for index in range(_RATE)
    )


def make_mp3(seconds: float) -> bytes:
    """Return an MP3 of that many seconds of silence: frames of 36 ms, mono, 32 kHz, 32 kbit/s."""
    frame = b"\xff\xfb\x18\xc0" + bytes(140)
    return frame * max(1, math.ceil(seconds / 0.036))


def read_sound(content: bytes) -> Sound:
    """Return the words and the length of a WAV file.

    Raises AudioError when the bytes are not one.
    """
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise AudioError("This is not a WAV file.")
    rate, size, words = 0, 0, ""
    for name, body in _chunks(content[12:]):
        if name == b"fmt " and len(body) >= 12:
            rate = struct.unpack("<I", body[8:12])[0]
        elif name == b"data":
            size = len(body)
        elif name == b"LIST" and body[:4] == b"INFO":
            comment = dict(_chunks(body[4:])).get(b"ICMT", b"")
            words = comment.rstrip(b"\0").decode("utf-8", "replace")
    if rate == 0:
        raise AudioError("This WAV file says nothing about its rate.")
    return Sound(words, size / rate)


def _chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    found: list[tuple[bytes, bytes]] = []
    at = 0
    while at + 8 <= len(data):
        name, size = data[at : at + 4], struct.unpack("<I", data[at + 4 : at + 8])[0]
        found.append((name, data[at + 8 : at + 8 + size]))
        at += 8 + size + size % 2
    return found


def _with_comment(content: bytes, words: str) -> bytes:
    text = words.encode() + b"\0"
    text += b"\0" * (len(text) % 2)
    info = b"INFO" + b"ICMT" + struct.pack("<I", len(text)) + text
    chunk = b"LIST" + struct.pack("<I", len(info)) + info
    if len(content) % 2:
        content += b"\0"
    body = content[8:] + chunk
    return b"RIFF" + struct.pack("<I", len(body)) + body
