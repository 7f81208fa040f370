"""Whatever people do, in whatever order: the line never breaks, and a person is always near."""

import json
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentoring.flows import FLOWS
from mentoring.flows.checks import voice_only
from mentoring.flows.engine import State
from mentoring.flows.events import Event, Finished, GaveUp, Prompted, WantsPerson
from mentoring.flows.inputs import Input, Keys, Recorded, Speech, Text
from mentoring.flows.steps import TEXT, Ask, Flow, Kind
from tests.mentoring.flows.caller import Caller

SPOKEN = sorted(FLOWS)
TEXTED = sorted(name for name, flow in FLOWS.items() if TEXT in flow.channels)
FACTS = {
    "matches": [["m1", "Ellen"], ["m2", "Luis"]],
    "described": ["M01", "M02", "M03"],
    "people": [["1", "Ana"], ["2", "Bo"]],
    "new": 2,
}

odd_text = st.one_of(
    st.text(max_size=60),
    st.sampled_from(["1", "2", "3", "4", "yes", "no", "person", "again", "more", "slow", "4 pm"]),
    st.sampled_from(["ACF", "13", "Rosa", "I sew", "\x00", "نعم", "👍", "1 or 2", "x" * 5000]),
)
inputs = st.one_of(
    st.builds(Keys, st.one_of(st.text("0123456789*#", max_size=4), st.just("*0#"))),
    st.builds(Speech, odd_text, st.one_of(st.none(), st.floats(0, 1))),
    st.builds(Text, odd_text),
    st.builds(Recorded, st.just("RE1"), st.floats(0, 120), st.sampled_from(["", "#", "0", "*"])),
)
silence = st.just("silence")
comings_back = st.sampled_from(["voice", "text"])


def keys_for(ask: Ask, choice: int) -> list[Input]:
    """Return the keys that answer a question with its option of that number, as far as it has."""
    match ask.kind:
        case Kind.HOUR:
            return [Keys("4")]
        case Kind.RATING:
            return [Keys(f"{choice}#" if ask.is_two_digits else str(choice))]
        case Kind.NAME | Kind.OPEN:
            return [Keys("1")]
        case Kind.PICKS:
            return [Keys("1"), Keys("2")]
        case _:
            return [Keys(str(min(choice, max(len(ask.options), 2), 3)))]


def words_for(ask: Ask, choice: int) -> list[Input]:
    """Return the spoken answers, with the yes that follows where they are read back."""
    number = ["one", "two", "three"][min(choice, max(len(ask.options), 2), 3) - 1]
    match ask.kind:
        case Kind.NAME:
            return [Speech("Rosa", 0.9), Speech("yes", 0.9)]
        case Kind.HOUR:
            return [Speech("4 pm", 0.9), Speech("yes", 0.9)]
        case Kind.SLOT:
            return [Speech("Tuesday at 6 pm", 0.9), Speech("yes", 0.9)]
        case Kind.OPEN:
            # Without keys it ends by a pause, and whether that was all is asked where it may be.
            on = [Speech("that is all", 0.9)] if ask.may_add else []
            return [Recorded("RE1", 5), *on]
        case Kind.PICKS:
            return [Speech("one", 0.9), Speech("that is all", 0.9)]
        case Kind.CLOCK:
            return [Speech(["yes", "no", "no"][choice - 1], 0.9), Speech("yes", 0.9)]
        case _:
            answer = [Speech(number, 0.9)]
            return [*answer, Speech("yes", 0.9)] if ask.read_back else [*answer]


def texts_for(ask: Ask, choice: int) -> list[Input]:
    """Return the texts that answer a question."""
    match ask.kind:
        case Kind.NAME:
            return [Text("Rosa")]
        case Kind.HOUR:
            return [Text("4 pm")]
        case Kind.SLOT:
            return [Text("Tue 6 pm")]
        case Kind.OPEN:
            return [Text("I sew clothes")]
        case Kind.PICKS:
            return [Text("1")]
        case _:
            return [Text(str(min(choice, max(len(ask.options), 2), 3)))]


Answers = Callable[[Ask, int], list[Input]]


def walk(caller: Caller, answers: Answers, choice: int) -> Caller:
    """Answer every question with its option of that number, and with the next if it returns."""
    met = Counter[str]()
    for _ in range(60):
        ask = caller.flow.ask(caller.state.step)
        if ask is None or caller.wants_person:
            return caller
        option = (choice - 1 + met[ask.key]) % 3 + 1
        met[ask.key] += 1
        for step in answers(ask, option):
            caller.give(step)
    return caller


def is_over(caller: Caller) -> bool:
    return any(isinstance(event, Finished) for event in caller.events)


@pytest.mark.parametrize("choice", [1, 2, 3])
@pytest.mark.parametrize("name", SPOKEN)
def test_every_flow_can_be_finished_by_keys_alone(name: str, choice: int) -> None:
    caller = walk(Caller(name, facts=FACTS), keys_for, choice)
    assert is_over(caller) or caller.wants_person, caller.state


@pytest.mark.parametrize("choice", [1, 2, 3])
@pytest.mark.parametrize("name", SPOKEN)
def test_every_flow_can_be_finished_by_speech_alone(name: str, choice: int) -> None:
    caller = walk(Caller(name, facts=FACTS), words_for, choice)
    assert is_over(caller) or caller.wants_person, caller.state


@pytest.mark.parametrize("choice", [1, 2, 3])
@pytest.mark.parametrize("name", TEXTED)
def test_every_flow_for_texts_can_be_finished_by_text_alone(name: str, choice: int) -> None:
    caller = walk(Caller(name, channel="text", facts=FACTS), texts_for, choice)
    assert is_over(caller) or caller.wants_person, caller.state


def at_every_question(flow: Flow, channel: str) -> list[Caller]:
    """Return a caller standing at each question of a flow that the channel can meet."""
    hidden = voice_only(flow) if channel == TEXT else set[str]()
    questions = [s.key for s in flow.steps if isinstance(s, Ask) and s.key not in hidden]
    callers = []
    for key in questions:
        caller = Caller(flow, channel=channel, facts=FACTS)
        state = caller.state
        stored = {**state.to_json(), "step": key}
        caller.take(type(caller.turn)(State.from_json(stored), ()))
        callers.append(caller.ask_again())
    return callers


@pytest.mark.parametrize("name", SPOKEN)
def test_a_silent_caller_reaches_a_person_at_every_question(name: str) -> None:
    for caller in at_every_question(FLOWS[name], "voice"):
        for _ in range(4):
            if not caller.gave_up:
                caller.silent()
        # A call of ours may have reached a machine, which is never brought to a person. Who says
        # nothing about the language goes on in English, and after a notice to the menu.
        passed = ("nobody", "chosen", "heard")
        assert caller.gave_up or caller.outcome in passed, caller.state.step


@pytest.mark.parametrize("name", SPOKEN)
def test_zero_reaches_a_person_and_star_repeats_in_every_phase_of_every_question(
    name: str,
) -> None:
    for caller in at_every_question(FLOWS[name], "voice"):
        for before in ([], ["silent"], ["silent", "silent"], ["one"], ["low"]):
            turn = caller.turn
            for step in before:
                if caller.flow.ask(caller.state.step) is None:
                    break
                if step == "silent":
                    caller.silent()
                else:
                    caller.say("one", 0.9 if step == "one" else 0.1)
            if caller.flow.ask(caller.state.step) and not caller.gave_up:
                place, heard = caller.state.step, caller.heard
                assert caller.press("0").wants_person, (place, before)
                caller.press("*")
                assert isinstance(caller.events[-1], Prompted)
                assert caller.state.step == place
                assert caller.hears.listen is not None
                assert caller.hears.pieces, heard
            caller.take(turn)


@pytest.mark.parametrize("name", TEXTED)
def test_again_and_person_work_in_texts_at_every_question(name: str) -> None:
    for caller in at_every_question(FLOWS[name], "text"):
        turn = caller.turn
        assert caller.text("AGAIN").texts, caller.state.step
        caller.take(turn)
        assert caller.text("PERSON").wants_person, caller.state.step


@pytest.mark.parametrize("name", SPOKEN)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(st.one_of(inputs, silence, comings_back), max_size=25))
def test_no_sequence_of_inputs_ever_breaks_a_flow(name: str, steps: list[Input | str]) -> None:
    flow = FLOWS[name]
    caller = Caller(flow, facts=FACTS)
    for step in steps:
        turn = caller.state.turn
        if step == "silence":
            caller.silent()
        elif isinstance(step, str):
            caller.come_back(step if step in flow.channels else "voice")
        elif not isinstance(step, Text) or TEXT in flow.channels:
            caller.give(step)
        assert caller.state.turn >= turn
        assert json.loads(json.dumps(caller.state.to_json())) == caller.state.to_json()
        assert flow.by_key[caller.state.step]
        assert renders(caller)


def renders(caller: Caller) -> bool:
    """Tell whether the turn says or asks something whenever somebody waits for it."""
    if caller.state.channel == "text":
        waits = any(isinstance(event, Prompted) for event in caller.events)
        return bool(caller.texts) or not waits
    spoken = caller.hears
    return bool(spoken.pieces) or not any(map(speaks, caller.events))


def speaks(event: Event) -> bool:
    return isinstance(event, Prompted)


@pytest.mark.parametrize("name", SPOKEN)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(inputs, max_size=12))
def test_after_anything_three_more_silences_reach_a_person(name: str, steps: list[Input]) -> None:
    caller = Caller(name, facts=FACTS)
    for step in steps:
        if not isinstance(step, Text):
            caller.give(step)
    for _ in range(5):
        if not is_over(caller) and not caller.gave_up:
            caller.silent()
    assert is_over(caller) or caller.gave_up


@settings(max_examples=25, deadline=None)
@given(channels=st.lists(comings_back, min_size=30, max_size=30), choice=st.sampled_from([1, 2]))
@pytest.mark.parametrize(
    "name", ["intake_protege", "intake_mentor", "consent", "checkin", "survey_mentor_1"]
)
def test_half_by_voice_and_half_by_text_gives_the_same_answers(
    name: str, channels: list[str], choice: int
) -> None:
    same = {**walk(Caller(name, channel="text"), texts_for, 1).state.answers}
    caller = Caller(name, channel="text")
    for channel in channels:
        if is_over(caller):
            break
        caller.come_back(channel)
        ask = caller.flow.ask(caller.state.step)
        assert ask is not None
        by_voice = words_for if choice == 1 else keys_or_words
        for step in (texts_for if channel == "text" else by_voice)(ask, 1):
            caller.give(step)
    assert is_over(caller)
    open_questions = {
        s.key for s in caller.flow.steps if isinstance(s, Ask) and s.kind is Kind.OPEN
    }
    told = {key: value for key, value in caller.state.answers.items() if key not in open_questions}
    assert {k: v for k, v in told.items() if k != "C0"} == {
        key: value for key, value in same.items() if key not in open_questions
    }


def keys_or_words(ask: Ask, choice: int) -> list[Input]:
    """Return keys wherever keys can say it all; a name must be spoken."""
    return words_for(ask, choice) if ask.kind is Kind.NAME else keys_for(ask, choice)


@pytest.mark.parametrize("answers", [keys_for, words_for])
@pytest.mark.parametrize(
    "name", ["consent", "intake_protege", "intake_mentor", "plan", "last_talk", "survey_mentor_2"]
)
def test_who_answers_late_through_a_relay_finishes_and_is_never_given_up(
    name: str, answers: Answers
) -> None:
    caller = Caller(name)
    while not is_over(caller):
        ask = caller.flow.ask(caller.state.step)
        assert ask is not None
        caller.silent()
        if caller.state.phase == "warned":
            # The late answer falls into the offer of more time, and is given once more after it.
            caller.give(answers(ask, 1)[0])
        for step in answers(ask, 1):
            if caller.state.phase == "offered":
                caller.press("2")
            if caller.state.step == ask.key:
                caller.give(step)
        assert not caller.gave_up
    assert caller.outcome in ("agreed", "complete", "answered", "talk")


def test_a_person_who_wants_one_waits_at_the_same_step() -> None:
    for name in SPOKEN:
        caller = Caller(name, facts=FACTS)
        before = caller.state
        caller.press("0")
        assert caller.state == before
        assert caller.events == (WantsPerson(before.step),)


def test_giving_up_keeps_the_place_and_a_late_answer_still_counts() -> None:
    caller = Caller("intake_protege").silent().silent().silent()
    assert caller.events == (GaveUp("PA1"),)
    assert caller.press("1").state.step == "PA2"
