"""The conversation itself: state and input in, new state and events out.

Pure: it sends nothing, reads no clock and opens no session. The same flow is spoken and texted.
"""

from collections.abc import Callable
from dataclasses import replace

from mentoring.flows.catalog import Catalog
from mentoring.flows.events import Event, Finished, RefusesCalls, Said, WantsPerson, WantsSlow
from mentoring.flows.frame import (
    Here,
    missed,
    put,
    read_back,
    standing_form,
    too_early,
    unheard,
    with_more_time,
)
from mentoring.flows.hearing import read_here, read_menu
from mentoring.flows.inputs import (
    SURE_CONFIDENCE,
    Control,
    Input,
    Recorded,
    Speech,
    Text,
    Unclear,
    Value,
    names_option,
    read_answer,
)
from mentoring.flows.keeping import (
    answered,
    answered_with_story,
    has_words,
    may_be_cut_off,
    not_understood,
    settled,
    without_pieces,
)
from mentoring.flows.menus import (
    is_paged,
    offer_about,
    option_count,
    page_count,
    with_facts,
)
from mentoring.flows.readings import Wish
from mentoring.flows.state import Facts, State, Turn
from mentoring.flows.steps import (
    RECORDED,
    SKIP,
    TEXT,
    TO_PERSON,
    VOICE,
    Ask,
    Finish,
    Flow,
    Kind,
    Option,
    target_of,
    worded_for,
)
from mentoring.flows.walk import arrive, first_open, or_nobody, taught_before

__all__ = ["Facts", "State", "Turn", "again", "answer", "is_kept", "no_input", "resume", "start"]

# The small menus of the frame itself: right or not, another or not, go on or say more.
_CONFIRM = Ask("", "V-CONF", Kind.CHOICE, (Option("yes"), Option("no")))
_ANOTHER = Ask("", "V-PICKED", Kind.CHOICE, (Option("add"), Option("done")))
_TOLD = Ask("", "V-TOLD", Kind.CHOICE, (Option("on"), Option("more")))
# In these phases own words are kept already, and only more of them may follow.
_KEPT = ("told", "adding")


def start(
    flow: Flow, *, channel: str, facts: Facts, slow: bool = False, language: str = ""
) -> Turn:
    """Begin a conversation. `language` is kept in its state, where no person has one."""
    state = State(
        flow.name, flow.version, flow.first, channel=channel, slow=slow, language=language
    )
    return arrive(flow, state, flow.first, facts)


def answer(
    flow: Flow,
    state: State,
    given: Input,
    *,
    facts: Facts,
    catalog: Catalog,
    language: str = "en",
) -> Turn:
    """Take in what the person pressed, said, typed or recorded."""
    ask = _open_question(flow, state, facts)
    if ask is None:
        return resume(flow, state, channel=_channel_of(given), facts=facts)
    if isinstance(given, Recorded) and given.seconds <= 0 and given.key not in ("0", "*"):
        return _nothing_heard(flow, ask, state, facts)
    wording = catalog.wording(ask.prompt, language)
    if isinstance(given, Text) and not wording.text:
        # The question is for the phone alone, so this text answers something else.
        return resume(flow, state, channel=TEXT, facts=facts)
    state = _in_channel_of(state, given)
    here = Here(flow, *with_facts(ask, wording, facts), facts, catalog, language)
    return or_nobody(flow, ask, _PHASES.get(state.phase, _asked)(here, state, given), facts)


def no_input(flow: Flow, state: State, *, facts: Facts) -> Turn:
    """Take in silence on the phone. A text that does not come is no event at all."""
    ask = _open_question(flow, state, facts)
    if ask is None:
        return resume(flow, state, channel=state.channel, facts=facts)
    return _nothing_heard(flow, ask, state, facts) if state.channel == VOICE else Turn(state, ())


def resume(flow: Flow, state: State, *, channel: str, facts: Facts, was_asked: bool = True) -> Turn:
    """Take a conversation up again, in this channel or the other, at the question that is open.

    A step that is gone, another version or another channel: at the first question on the way that
    has no answer. A conversation that waits since before anything `was_asked` begins like a new
    one, without a word of saved answers. Never raises for an old state.
    """
    if state.flow != flow.name:
        fresh = State(flow.name, flow.version, flow.first)
        state = replace(fresh, slow=state.slow, language=state.language)
    unchanged = state.version == flow.version and state.channel == channel
    unchanged = unchanged and not is_kept(state)
    here = replace(state, version=flow.version, channel=channel)
    step = flow.by_key.get(state.step)
    if isinstance(step, Finish):
        return Turn(here, (Finished(step.outcome),))
    stays = unchanged and isinstance(step, Ask) and not step.aside
    key = state.step if stays else first_open(flow, here, facts)
    turn = arrive(flow, here, key, facts, form="resume" if was_asked or state.answers else "full")
    return Turn(replace(turn.state, picks=state.picks), turn.events) if stays else turn


def again(flow: Flow, state: State, *, facts: Facts) -> Turn:
    """Put the open question once more and change nothing: for `*`, and for a repeated request."""
    ask = _open_question(flow, state, facts)
    if ask is None:
        return resume(flow, state, channel=state.channel, facts=facts)
    form = standing_form(state)
    lead = taught_before(ask) if form == "again" else ()
    return Turn(state, (put(ask, state, form, lead),))


def is_kept(state: State) -> bool:
    """Tell whether the open question has its answer, and only more of it might still come."""
    return state.phase in _KEPT


def _nothing_heard(flow: Flow, ask: Ask, state: State, facts: Facts) -> Turn:
    """Go on after silence: whoever has no more to say needs no key to say so."""
    if is_kept(state):
        return arrive(flow, state, target_of(ask, RECORDED), facts)
    if ask.silent and state.phase == "asking":
        return arrive(flow, state, ask.silent, facts)
    return or_nobody(flow, ask, unheard(ask, state), facts)


def _open_question(flow: Flow, state: State, facts: Facts) -> Ask | None:
    ask = flow.ask(state.step) if state.flow == flow.name else None
    return worded_for(ask, facts) if ask else None


def _channel_of(given: Input) -> str:
    return TEXT if isinstance(given, Text) else VOICE


def _in_channel_of(state: State, given: Input) -> State:
    """Return the state in the channel in which the person answered, whatever was asked last."""
    channel = _channel_of(given)
    if state.channel == channel:
        return state
    return replace(state, channel=channel, phase="asking", misses=0, silences=0, pending="", page=0)


def _asked(here: Here, state: State, given: Input) -> Turn:
    """The question itself is open."""
    if here.ask.kind is Kind.OPEN and isinstance(given, Speech):
        return _before_the_tone(here, state, given)
    match read_here(here, state, given):
        case Control(name):
            return _wish(here, state, name)
        case Unclear() if here.ask.own_words and isinstance(given, Text) and has_words(given):
            return _own_words(here, state, given)
        case Unclear(reason, lead):
            return not_understood(here, state, given, reason, lead)
        case Value(value, sure=True):
            return _accept(here, state, value, given)
        case Value(value):
            return read_back(here.ask, state, value)


def _own_words(here: Here, state: State, given: Text) -> Turn:
    """A text that chooses nothing is an answer in own words, to the question that asks for them."""
    told = here.flow.ask(here.ask.own_words)
    if told is None:
        raise RuntimeError(f"{here.flow.name} has no question {here.ask.own_words}.")
    there = replace(here, ask=told, wording=here.catalog.wording(told.prompt, here.language))
    return _asked(there, replace(state, step=told.key), given)


def _before_the_tone(here: Here, state: State, given: Speech) -> Turn:
    """Take words that came while the question was spoken: a wish, a choice, or an early answer.

    Own words are recorded. What the recogniser heard is kept only where more may be said to it.
    """
    offer = offer_about(here.ask)
    wording = here.catalog.wording(offer.prompt, here.language)
    if not is_kept(state) and names_option(offer, wording, given):
        return _offered(here, state, given)
    reading = read_answer(here.ask, here.wording, given)
    if isinstance(reading, Control):
        return _wish(here, state, reading.name)
    sure = given.confidence is not None and given.confidence >= SURE_CONFIDENCE
    if here.ask.may_add and sure and isinstance(reading, Value):
        return _keep(here, state, reading.value, given)
    return too_early(here.ask, state)


def _told(here: Here, state: State, given: Input) -> Turn:
    """Own words are kept. They may have been cut off by a pause: go on, or say more?"""
    match read_menu(here, _TOLD, given):
        case Control(name):
            return _wish(here, state, name)
        case Value("more"):
            adding = replace(state, phase="adding", turn=state.turn + 1)
            return Turn(adding, (put(here.ask, adding, "more"),))
        case Value():
            return _nothing_heard(here.flow, here.ask, state, here.facts)
        case Unclear(reason):
            return missed(here.ask, state, reason)


def _adding(here: Here, state: State, given: Input) -> Turn:
    """More is being said to an answer that is kept. Each recording is a row of its own."""
    if isinstance(given, Recorded):
        reading = read_here(here, state, given)
        if isinstance(reading, Control):
            return _wish(here, state, reading.name)
        if given.key:
            return _nothing_heard(here.flow, here.ask, state, here.facts)
        return _is_that_all(here, state)
    wording = here.catalog.wording(_TOLD.prompt, here.language)
    if isinstance(given, Speech) and not names_option(_TOLD, wording, given):
        return _before_the_tone(here, state, given)
    return _told(here, state, given)


def _is_that_all(here: Here, state: State, *events: Event) -> Turn:
    """Ask whether that was all, for a pause is no end (A6)."""
    told = replace(state, phase="told", turn=state.turn + 1, pending="", misses=0, silences=0)
    return Turn(told, (*events, put(here.ask, told, "told")))


def _confirming(here: Here, state: State, given: Input) -> Turn:
    """A value was read back. A no counts as a miss, so that the keys are offered in time."""
    match read_menu(here, _CONFIRM, given):
        case Control(name):
            return _wish(here, state, name)
        case Value("yes"):
            return _accept(here, state, state.pending, Speech(""))
        case Value():
            asking = replace(state, phase="asking", pending="")
            return not_understood(here, asking, given, "not what was meant")
        case Unclear(reason):
            return not_understood(here, state, given, reason)


def _picking(here: Here, state: State, given: Input) -> Turn:
    """Something was picked by phone: another, or is that all? Naming one more is a pick too."""
    match read_menu(here, _ANOTHER, given):
        case Control(name):
            return _wish(here, state, name)
        case Value("add"):
            asking = replace(state, phase="asking", page=0, turn=state.turn + 1)
            return Turn(asking, (put(here.ask, asking, "full"),))
        case Value():
            return _keep(here, state, ",".join(state.picks), given)
        case Unclear(reason):
            named = read_here(here, state, given) if isinstance(given, Speech) else Unclear(reason)
            if isinstance(named, Value):
                return _asked(here, state, given)
            return missed(here.ask, state, reason)


def _warned(here: Here, state: State, given: Input) -> Turn:
    """More time was offered: any key and any word but "no" means yes, please."""
    reading = read_menu(here, _CONFIRM, given)
    match reading:
        case Control("person" | "slow" | "no calls" as name):
            return _wish(here, state, name)
        case Value("no") if isinstance(given, Speech):
            asking = replace(state, phase="asking", turn=state.turn + 1)
            return Turn(asking, (put(here.ask, asking, "again"),))
    return with_more_time(here.ask, replace(state, silences=0))


def _offered(here: Here, state: State, given: Input) -> Turn:
    """An open question was left unanswered: speak after all, or leave it to staff."""
    if isinstance(given, Recorded):
        return _asked(here, state, given)
    match read_menu(here, offer_about(here.ask), given):
        case Control(name):
            return _wish(here, state, name)
        case Value("speak"):
            return with_more_time(here.ask, state)
        case Value():
            return _accept(here, state, SKIP if here.ask.may_skip else "", given)
        case Unclear(reason):
            return missed(here.ask, state, reason)


_PHASES: dict[str, Callable[[Here, State, Input], Turn]] = {
    "confirming": _confirming,
    "picking": _picking,
    "warned": _warned,
    "offered": _offered,
    "told": _told,
    "adding": _adding,
}


def _wish(here: Here, state: State, name: Wish) -> Turn:
    """Follow a wish about the conversation itself; the question stays open."""
    if name == "person":
        return Turn(state, (WantsPerson(state.step),))
    if name == "more" and state.channel == VOICE and state.phase in ("asking", "extended"):
        count = option_count(here.ask, here.facts)
        return _next_page(here, state, count) if is_paged(here.ask, count) else _longer(here, state)
    first: tuple[Event, ...] = ()
    if name == "slow":
        first, state = (WantsSlow(),), replace(state, slow=True)
    elif name == "no calls":
        first = (RefusesCalls(), Said("V-NOCALLS"))
    return Turn(state, (*first, *again(here.flow, state, facts=here.facts).events))


def _longer(here: Here, state: State) -> Turn:
    return with_more_time(here.ask, replace(state, silences=0))


def _next_page(here: Here, state: State, count: int) -> Turn:
    page = (state.page + 1) % page_count(count)
    after = replace(state, phase="asking", page=page, misses=0, silences=0, turn=state.turn + 1)
    return Turn(after, (put(here.ask, after, "full"),))


def _accept(here: Here, state: State, value: str, given: Input) -> Turn:
    """Take a value; on the phone picks are collected one by one."""
    if here.ask.kind is not Kind.PICKS or state.channel == TEXT:
        return _keep(here, state, value, given)
    wanted = {*state.picks, *value.split(",")}
    picks = tuple(option.value for option in here.ask.options if option.value in wanted)
    alone = {option.value for option in here.ask.options if option.alone}
    if len(picks) > here.ask.max_picks or (len(picks) > 1 and alone.intersection(picks)):
        return missed(here.ask, replace(state, phase="picking", pending=""), "too many picks")
    if picks[0] in alone or len(picks) == min(here.ask.max_picks, len(here.ask.options)):
        return _keep(here, state, ",".join(picks), given)
    after = replace(
        state,
        turn=state.turn + 1,
        phase="picking",
        pending="",
        picks=picks,
        misses=0,
        silences=0,
    )
    return Turn(after, (put(here.ask, after, "picked"),))


def _keep(here: Here, state: State, value: str, given: Input) -> Turn:
    """Store an answer and go on to where it leads."""
    target = target_of(here.ask, value)
    if target == TO_PERSON:
        asking = replace(state, phase="asking", pending="")
        return Turn(asking, (WantsPerson(state.step),))
    events = answered_with_story(here, value, given)
    told = {event.key: event.value for event in events}
    answers = {**without_pieces(here, state.answers), **told, here.ask.key: value}
    if here.ask.may_add and value not in ("", SKIP) and may_be_cut_off(given):
        return _is_that_all(here, replace(state, answers=answers), *events)
    time_told = settled(here, answers)
    earlier = here.flow.ask(here.ask.settles)
    if time_told and earlier:
        answers[earlier.key] = time_told
        events.append(answered(here, earlier, time_told, given))
    return arrive(here.flow, replace(state, answers=answers), target, here.facts, events=events)
