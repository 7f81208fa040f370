"""Recordings by REST: their records, and their files once they exist."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from telephony.emulator.audio import make_mp3
from telephony.emulator.desk import ACCOUNT, desk, locked, query_fields
from telephony.emulator.forms import Fields, not_found
from telephony.emulator.rest_calls import call_named
from telephony.emulator.shapes import Json, account_path, page_of, recording_json
from telephony.emulator.store import RecordingRecord

_PATH = f"{ACCOUNT}/Recordings"

recordings = Blueprint("recordings", __name__)


@recordings.get(f"{_PATH}.json")
@locked
def list_recordings() -> ResponseReturnValue:
    fields = query_fields("GET Recordings.json")
    return _page(fields, fields.text("CallSid"), "Recordings.json")


@recordings.get(f"{ACCOUNT}/Calls/<sid>/Recordings.json")
@locked
def list_recordings_of_call(sid: str) -> ResponseReturnValue:
    fields = query_fields("GET Calls/{CallSid}/Recordings.json")
    return _page(fields, call_named(sid).sid, f"Calls/{sid}/Recordings.json")


@recordings.get(f"{_PATH}/<sid>.json")
@locked
def read_recording(sid: str) -> ResponseReturnValue:
    return recording_json(desk().store, _recording(sid))


@recordings.delete(f"{_PATH}/<sid>.json")
@locked
def delete_recording(sid: str) -> ResponseReturnValue:
    recording = _recording(sid)
    recording.deleted, recording.content = True, None
    return "", 204


@recordings.get(f"{_PATH}/<sid>", defaults={"kind": "wav"})
@recordings.get(f"{_PATH}/<sid>.<any(wav, mp3):kind>")
@locked
def fetch_recording(sid: str, kind: str) -> ResponseReturnValue:
    """Send the file; before it is ready there is none."""
    recording = _recording(sid)
    if recording.content is None:
        raise not_found(request.path)
    if kind == "mp3":
        return Response(make_mp3(recording.seconds), content_type="audio/mpeg")
    return Response(recording.content, content_type="audio/x-wav")


def _page(fields: Fields, call_sid: str, path: str) -> Json:
    store = desk().store
    found = [
        each
        for each in reversed(store.recordings.values())
        if not each.deleted
        and call_sid in ("", each.call_sid)
        and fields.within("DateCreated", each.created)
    ]
    return page_of(
        "recordings",
        f"{account_path(store)}/{path}",
        fields,
        found,
        lambda each: recording_json(store, each),
    )


def _recording(sid: str) -> RecordingRecord:
    recording = desk().store.recordings.get(sid)
    if recording is None or recording.deleted:
        raise not_found(request.path)
    return recording
