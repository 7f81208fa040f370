"""Lines that fall back to a static host, which speaks even when this machine is down."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.commands.desk import Desk
from telephony.carrier import NumberHooks
from tests.app.conftest import OURS, PUBLIC, AtDesk, Bridgeline, live_settings
from tests.recording_carrier import RecordingCarrier

STATIC = "https://static.example.org/line"


def _carrier_findings(bridgeline: Bridgeline) -> list[str]:
    found = bridgeline("doctor", "--json").data
    return [row["finding"] for row in found if row["check"] == "carrier"]


def test_lines_fall_back_to_a_static_host_and_stay_pointed_there(
    desk: Desk, at_desk: AtDesk, carrier: RecordingCarrier, sids: dict[str, str], tmp_path: Path
) -> None:
    own = at_desk(replace(desk, settings=live_settings(tmp_path, FALLBACK_BASE_URL=f"{STATIC}/")))
    assert own("numbers", "sync").code == 0

    for set_to in (number.hooks for number in carrier.numbers()):
        assert set_to.voice_url == f"{PUBLIC}/voice/inbound"
        assert set_to.voice_fallback_url == f"{STATIC}/fallback-voice.xml"
        assert set_to.sms_fallback_url == f"{STATIC}/fallback-text.xml"
        assert (set_to.voice_fallback_method, set_to.sms_fallback_method) == ("GET", "GET")
    again = own("numbers", "sync", "--json").data
    assert {row["addresses"] for row in again} == {"right already"}
    assert _carrier_findings(own) == ["It answers, and 5 lines point here."]


def test_a_static_host_that_would_be_asked_by_post_does_not_count_as_set(
    desk: Desk, at_desk: AtDesk, carrier: RecordingCarrier, sids: dict[str, str], tmp_path: Path
) -> None:
    own = at_desk(replace(desk, settings=live_settings(tmp_path, FALLBACK_BASE_URL=STATIC)))
    own("numbers", "sync")
    first = next(n.hooks for n in carrier.numbers() if n.number == OURS[0])
    by_post = replace(first, voice_fallback_method="POST")
    carrier.point_number(sids[OURS[0]], by_post)

    (found,) = _carrier_findings(own)
    assert found.startswith(f"{OURS[0]} does not point here.")


@pytest.mark.usefixtures("sids")
def test_a_static_host_that_the_carrier_cannot_reach_is_never_set(
    desk: Desk, at_desk: AtDesk, carrier: RecordingCarrier, tmp_path: Path
) -> None:
    settings = live_settings(tmp_path, FALLBACK_BASE_URL="http://static.example.org")
    answer = at_desk(replace(desk, settings=settings))("numbers", "sync")
    assert answer.code == 1
    assert "FALLBACK_BASE_URL is http://static.example.org, which the carrier" in answer.err
    assert {number.hooks for number in carrier.numbers()} == {NumberHooks()}


def test_what_a_static_host_says_names_the_number_of_today(
    bridgeline: Bridgeline, tmp_path: Path
) -> None:
    answer = bridgeline("numbers", "fallback", str(tmp_path), "--json")
    assert [row["names"] for row in answer.data] == ["911", "911", "911"]
    for name in ("fallback-voice.xml", "fallback-left.xml", "fallback-text.xml"):
        assert "call 911" in (tmp_path / name).read_text("utf-8").lower()
    voice = (tmp_path / "fallback-voice.xml").read_text("utf-8")
    assert 'action="fallback-left.xml"' in voice
    assert 'method="GET"' in voice

    nowhere = bridgeline("numbers", "fallback", str(tmp_path / "nowhere"))
    assert nowhere.code == 1
    assert "No such file or directory" in nowhere.err
