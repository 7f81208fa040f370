"""Recordings at Twilio: reading their list, and fetching files, which no official client does."""

import re
from functools import partial
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

import requests
from requests.adapters import BaseAdapter

from telephony.carrier import RECORDING_LIMIT_BYTES, CarrierError, MadeRecording
from telephony.reactions import reaction_for, reaction_in
from telephony.twilio_errors import ask, whole

_API = "https://api.twilio.com"
_REDIRECTS = 3
_RECORDING = re.compile(r"RE[0-9a-fA-F]{32}")


def made_recording(recording: Any) -> MadeRecording:
    """Read one row of the list."""
    return MadeRecording(
        sid=recording.sid,
        call_sid=recording.call_sid or "",
        seconds=whole(recording.duration),
        made_at=recording.date_created,
    )


def is_left_by_caller(recording: Any) -> bool:
    """Tell it from what other services of the account may record, such as whole calls (S7)."""
    return bool(recording.status == "completed" and recording.source == "RecordVerb")


class RecordingFiles:
    """The recordings of one account. `base_url`, `timeout` and `adapter` as for TwilioCarrier."""

    def __init__(
        self,
        account_sid: str,
        auth: tuple[str, str],
        *,
        base_url: str | None,
        timeout: float,
        adapter: BaseAdapter | None,
    ) -> None:
        self._account_sid = account_sid
        self._auth = auth
        self._base_url = base_url
        self._timeout = timeout
        self._adapter = adapter

    def fetch(self, sid: str) -> bytes:
        """Download a recording as WAV, 20 MB at most. Not stored yet: a temporary CarrierError.

        Redirects are followed by hand, so that our credentials reach the carrier's own host only.
        """
        if not _RECORDING.fullmatch(sid):
            raise CarrierError("This is not the id of a recording.")
        api = self._base_url or _API
        url = f"{api}/2010-04-01/Accounts/{self._account_sid}/Recordings/{sid}.wav"
        for _ in range(_REDIRECTS + 1):
            target = self._mapped(url)
            own = _origin(target) == _origin(api)
            if not own and not target.startswith("https://"):
                raise CarrierError("A recording's address led to a host without encryption.")
            wav, url = ask("fetch a recording", partial(self._download, target, own))
            if wav is not None:
                return wav
            url = urljoin(target, url)
        raise CarrierError("A recording's address led in circles.", reaction=reaction_for(502))

    def _mapped(self, url: str) -> str:
        """Return the address under which an emulator stands in for a host of Twilio's."""
        parts = urlsplit(url)
        if self._base_url is None or not (parts.hostname or "").endswith(".twilio.com"):
            return url
        base = urlsplit(self._base_url)
        return urlunsplit(parts._replace(scheme=base.scheme, netloc=base.netloc))

    def _session(self) -> requests.Session:
        """Return a session of its own for one file, which keeps nothing for the next."""
        session = requests.Session()
        if self._adapter is not None:
            session.mount("https://", self._adapter)
        return session

    def _download(self, url: str, own_host: bool) -> tuple[bytes | None, str]:
        """Return the file behind an address, or None and the address that it redirects to."""
        with (
            self._session() as session,
            session.get(
                url,
                auth=self._auth if own_host else None,
                headers={"Host": "api.twilio.com"} if own_host and self._base_url else None,
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            ) as answer,
        ):
            if answer.is_redirect:
                return None, answer.headers["Location"]
            if answer.status_code == 404:
                raise CarrierError(
                    "The recording is not stored yet.", reaction=reaction_in("not_ready")
                )
            if answer.status_code != 200:
                raise CarrierError(
                    f"The carrier answered {answer.status_code} when asked for a recording.",
                    code=answer.status_code,
                )
            return _read_capped(answer), url


def _read_capped(answer: requests.Response) -> bytes:
    wav = bytearray()
    for chunk in answer.iter_content(64 * 1024):
        wav += chunk
        if len(wav) > RECORDING_LIMIT_BYTES:
            raise CarrierError(
                "The recording is larger than 20 MB.", reaction=reaction_in("too_large")
            )
    return bytes(wav)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
