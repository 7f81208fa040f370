"""A pretend carrier for tests and for the demo. It knows only the wire, and nothing of ours."""

from telephony.emulator.audio import make_wav, read_sound
from telephony.emulator.behaviour import (
    answers,
    busy,
    delivered,
    fails,
    manual,
    no_answer,
    out_of_reach,
    rejects,
    sent_only,
    undelivered,
    voicemail,
)
from telephony.emulator.clock import Clock, VirtualClock
from telephony.emulator.debugger import Entry, RestRequest, Webhook
from telephony.emulator.emulator import Emulator
from telephony.emulator.leg import Options
from telephony.emulator.line import APOLOGY
from telephony.emulator.numbering import WITHHELD
from telephony.emulator.phones import Phone
from telephony.emulator.screen import Caption, PhoneCall, PhoneError, Text
from telephony.emulator.serving import LocalServer, open_door

__all__ = [
    "APOLOGY",
    "WITHHELD",
    "Caption",
    "Clock",
    "Emulator",
    "Entry",
    "LocalServer",
    "Options",
    "Phone",
    "PhoneCall",
    "PhoneError",
    "RestRequest",
    "Text",
    "VirtualClock",
    "Webhook",
    "answers",
    "busy",
    "delivered",
    "fails",
    "make_wav",
    "manual",
    "no_answer",
    "open_door",
    "out_of_reach",
    "read_sound",
    "rejects",
    "sent_only",
    "undelivered",
    "voicemail",
]
