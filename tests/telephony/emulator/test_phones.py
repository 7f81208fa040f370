"""Telephones in hand: what they refuse, show and remember; and the clock they live by."""

from datetime import UTC, datetime
from functools import partial
from threading import Thread

import pytest

from telephony.emulator import Emulator, PhoneError, VirtualClock, answers
from telephony.emulator.engine import Engine
from tests.telephony.emulator.world import CALLER, LINE, MENTOR, Seen, World

WAIT = "<Response><Say>Hello.</Say><Pause length='60'/></Response>"


@pytest.mark.parametrize(
    "number", ["+12125551234", "5155550135", "hello", "", LINE, "+15155550235"]
)
def test_only_fictional_numbers_that_are_not_ours_have_telephones(
    world: World, number: str
) -> None:
    with pytest.raises(PhoneError) as caught:
        world.phone(number)
    assert str(caught.value).endswith(".")


def test_other_numbers_have_telephones_when_that_is_allowed() -> None:
    emulator = Emulator(VirtualClock(), fictional_only=False)
    assert emulator.phone("+12125551234").number == "+12125551234"


def test_a_telephone_is_made_once_and_keeps_its_label(world: World) -> None:
    phone = world.emulator.phone(CALLER, label="Denise")
    assert world.emulator.phone(CALLER) is phone
    assert phone.label == "Denise"


def test_what_is_impossible_is_refused_with_a_sentence(world: World) -> None:
    world.answer("/voice", WAIT)
    phone = world.phone()
    for deed in (
        phone.answer,
        phone.reject,
        phone.hang_up,
        lambda: phone.press("1"),
        lambda: phone.say("hello"),
        lambda: phone.talk("hello"),
        lambda: phone.dial(MENTOR),
        lambda: phone.text(MENTOR, "hello"),
    ):
        with pytest.raises(PhoneError) as caught:
            deed()
        assert str(caught.value).endswith(".")
    phone.dial(LINE)
    for deed in (lambda: phone.dial(LINE), lambda: phone.press("x"), lambda: phone.press("")):
        with pytest.raises(PhoneError):
            deed()


def test_a_ringing_phone_cannot_press_keys_before_it_answers(world: World) -> None:
    world.answer("/hello", WAIT)
    world.client.calls.create(to=CALLER, from_=LINE, url=world.hook("/hello"))
    world.emulator.run_due()
    with pytest.raises(PhoneError):
        world.phone().press("1")
    world.phone().hang_up()
    assert world.phone().call is None
    assert world.client.calls.list()[0].status == "busy"


def test_captions_remember_who_spoke_and_when(world: World) -> None:
    world.answer("/voice", "<Response><Say>Hello Denise.</Say><Say>Goodbye.</Say></Response>")
    phone = world.phone()
    start = world.emulator.engine.now()
    call = phone.dial(LINE)
    phone.listen()
    first, second, _ended = call.captions
    assert (first.who, first.text, first.at) == ("line", "Hello Denise.", start)
    assert (second.at - start).total_seconds() == pytest.approx(0.8)
    assert first.id < second.id
    assert first.call_sid == call.sid
    assert phone.call is None
    assert call.state == "ended"


def test_listening_stops_where_the_line_waits(world: World) -> None:
    world.answer(
        "/voice",
        "<Response><Say>One two.</Say><Pause length='3'/><Gather timeout='30'><Say>Choose.</Say>"
        "</Gather></Response>",
    )
    phone = world.phone()
    phone.dial(LINE)
    assert phone.listen() == ["Choose."]
    assert phone.listen() == []
    assert phone.call is not None


def test_a_withheld_phone_stays_withheld_unless_told_otherwise(world: World) -> None:
    world.answer("/voice", WAIT)
    phone = world.phone()
    phone.withheld = True
    phone.dial(LINE)
    phone.hang_up()
    phone.dial(LINE, withheld=False)
    assert [seen["From"] for seen in world.app.at("/voice")] == ["+266696687", CALLER]


def test_a_script_can_speak_and_talk(world: World) -> None:
    world.answer(
        "/voice",
        "<Response><Gather input='speech' speechTimeout='1' action='/said'/></Response>",
    )
    world.answer("/said", f"<Response><Dial callerId='{LINE}'>{MENTOR}</Dial></Response>")
    world.phone(MENTOR).when_rung = answers(after=1)
    world.phone().script = [("say", "the mentor please"), ("talk", "Good morning.")]
    world.phone().dial(LINE)
    world.emulator.advance(10)
    assert world.app.at("/said")[0]["SpeechResult"] == "the mentor please"
    assert world.texts(world.phone(MENTOR)) == ["Good morning."]


def test_an_impossible_script_says_so(world: World) -> None:
    world.answer("/voice", "<Response><Gather/></Response>")
    world.phone().script = [("dance",)]
    with pytest.raises(PhoneError):
        world.phone().dial(LINE)


def test_a_virtual_clock_runs_each_event_at_its_own_moment() -> None:
    clock = VirtualClock(datetime(2026, 3, 3, 17, 0, tzinfo=UTC))
    engine = Engine(clock)
    ran: list[tuple[str, float]] = []

    def note(name: str) -> None:
        ran.append((name, (clock.now() - datetime(2026, 3, 3, 17, 0, tzinfo=UTC)).total_seconds()))

    engine.after(5, lambda: note("later"))

    def nest() -> None:
        engine.after(1, lambda: note("nested"))

    engine.after(2, nest)
    engine.after(1, lambda: note("cancelled")).cancel()
    engine.after(0, lambda: note("now"))
    assert engine.run_due() == 1
    engine.advance(10)
    assert ran == [("now", 0), ("nested", 3), ("later", 5)]
    assert clock.now() == datetime(2026, 3, 3, 17, 0, 10, tzinfo=UTC)


def test_events_of_one_moment_keep_their_order_and_may_drive_the_engine_again() -> None:
    engine = Engine(VirtualClock())
    ran: list[int] = []

    def run(index: int) -> None:
        ran.append(index)
        engine.run_due()

    for index in range(5):
        engine.after(1, partial(run, index))
    engine.advance(1)
    assert ran == [0, 1, 2, 3, 4]


def test_a_clock_that_cannot_be_pushed_is_not_advanced() -> None:
    class Fixed:
        def now(self) -> datetime:
            return datetime(2026, 3, 3, 17, 0, tzinfo=UTC)

    with pytest.raises(TypeError):
        Engine(Fixed()).advance(1)


def test_settling_stops_before_a_long_silence(world: World) -> None:
    world.answer("/voice", "<Response><Say>One two.</Say><Pause length='40'/></Response>")
    world.phone().dial(LINE)
    start = world.emulator.engine.now()
    world.emulator.settle(limit_seconds=5)
    assert (world.emulator.engine.now() - start).total_seconds() == pytest.approx(0.8)


def test_after_closing_nothing_happens_any_more(world: World) -> None:
    world.answer("/voice", WAIT)
    world.phone().dial(LINE)
    world.emulator.close()
    world.emulator.advance(1000)
    assert world.app.paths() == ["/voice"]


def test_the_application_may_use_rest_while_a_call_waits_for_its_answer(world: World) -> None:
    def answer(seen: Seen) -> str:
        world.client.messages.create(to=MENTOR, from_=LINE, body="Somebody calls.")
        world.client.calls(seen["CallSid"]).fetch()
        return WAIT

    world.answer("/voice", answer)
    world.phone().dial(LINE)
    world.emulator.settle()
    assert world.texts(world.phone()) == ["Hello."]
    assert [text.body for text in world.phone(MENTOR).inbox] == ["Somebody calls."]


def test_several_people_may_act_at_once(world: World) -> None:
    world.answer(
        "/voice",
        "<Response><Gather numDigits='1' action='/next'><Say>Choose.</Say></Gather></Response>",
    )
    world.answer("/next", "<Response><Say>Thank you.</Say><Pause length='60'/></Response>")
    numbers = [f"+151555501{index}" for index in range(41, 47)]

    def visit(number: str) -> None:
        phone = world.phone(number)
        phone.dial(LINE)
        phone.press("1")

    threads = [Thread(target=visit, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in numbers:
        assert world.texts(world.phone(number)) == ["Choose.", "Thank you."]
    assert len({seen["CallSid"] for seen in world.app.at("/next")}) == len(numbers)
