"""Walk any conversation in a terminal, without a database and without a carrier."""

from collections.abc import Callable, Mapping
from datetime import date

from mentoring.flows import FLOWS
from mentoring.flows.catalog import Catalog
from mentoring.flows.engine import Facts, Turn, answer, no_input, start
from mentoring.flows.events import Answered, Event, Finished, GaveUp, WantsPerson, WantsSlow
from mentoring.flows.inputs import Input, Keys, Recorded, Speech, Text
from mentoring.flows.render import Listen, spoken, written
from mentoring.flows.steps import VOICE, Flow
from mentoring.languages import ENGLISH, LANGUAGES, spoken_clock, spoken_date, staff_named

# What the programme would fill in; whatever is passed in goes first.
SAMPLE_PARAMS: Mapping[str, str] = {
    "org": "BridgeLine",
    "name": "Denise",
    "mentor": "Ellen",
    "protege": "Denise",
    "staff": staff_named("Our staff"),
    "num": "+15155550100",
    "emergency": "911",
    "crisis": "988",
    "date": spoken_date(date(2026, 3, 3)),
    "day": spoken_date(date(2026, 3, 2)),
    "time": spoken_clock("16:00"),
    "from": spoken_clock("08:00"),
    "until": spoken_clock("21:00"),
    "n": "2",
    "news": "Ellen left you a voice note.",
    "freq": "every 2 weeks",
    "mine": "each week",
    "theirs": "each month",
    "reply": "in 2 days",
    "years": "over 10",
    "field": "food",
    "stage": "getting ready",
    "topics": "money and customers",
    "mode": "to talk",
    "when": "on evenings",
    "more": "Helps with money. Free on evenings like you.",
    "topic": "customers",
    "ownline": "In their own words: I began at a kitchen table.",
    "annual": "We set out to make 40 matches. We made 44.",
    "annual1": "We set out to make 40 matches.",
    "annual2": "We made 44.",
    "annual3": "",
    "blurb1": "Ellen, over 10 years in food, helps with money",
    "blurb2": "Luis, 6 to 10 years in food, helps with money",
    "blurb3": "Grace, 2 to 5 years in crafts, helps with money",
    "hours": "20",
    "people": "3",
    # Not words but facts on which flows fork.
    "role": "protege",
    "says_name": "yes",
}
SURE = 0.95


def talk(
    flow_name: str,
    *,
    channel: str,
    read: Callable[[], str],
    write: Callable[[str], None],
    params: Mapping[str, str],
    language: str = ENGLISH,
) -> None:
    """Play one conversation: `read` gives a line, `write` shows one.

    On the phone a line is keys ("1", "*", "12#") or words ("say yes"); an empty line is silence,
    and where a recording is made any other line is what was recorded, without a key at its end. By
    text it is the message.
    Ends with the outcome and the answers. Raises KeyError for an unknown conversation.
    """
    flow = FLOWS[flow_name]
    filled = {**SAMPLE_PARAMS, **params}
    facts = {**_facts_of(filled), "language": language}
    turn = start(flow, channel=channel, facts=facts)
    answers: list[Answered] = []
    first = True
    while True:
        listen = _show(flow, turn, write, filled, facts, first=first)
        answers += [event for event in turn.events if isinstance(event, Answered)]
        ending = _ending(turn.events)
        if ending:
            break
        first = False
        try:
            line = read()
        except EOFError:
            ending = "left"
            break
        turn = _turn(flow, turn, _heard(line.strip(), channel, listen), facts)
    write(f"--- {ending}")
    for kept in answers:
        value = (
            f"recording {kept.recording}" if kept.recording else kept.value or "(staff will ask)"
        )
        write(f"    {kept.key:8} {value}  by {kept.how}")


def _facts_of(filled: Mapping[str, str]) -> Facts:
    """Return the facts on which flows fork, for the sample people."""
    return {
        "matches": [["1", filled["mentor"]]],
        "people": [["1", filled["name"]], ["0", "somebody else"]],
        "languages": list(LANGUAGES),
        "new": int(filled["n"]),
        "described": ["1", "2", "3"],
        "role": filled["role"],
        "says_name": filled["says_name"],
    }


def _turn(flow: Flow, turn: Turn, given: Input | None, facts: Facts) -> Turn:
    if given is None:
        return no_input(flow, turn.state, facts=facts)
    language = str(facts["language"])
    return answer(flow, turn.state, given, facts=facts, catalog=Catalog.load(), language=language)


def _heard(line: str, channel: str, listen: Listen | None) -> Input | None:
    """Return what a typed line stands for; None is silence."""
    if not line:
        return None
    if channel != VOICE:
        return Text(line)
    records = listen is not None and listen.mode == "record" and not line.startswith("say ")
    if set(line) <= set("0123456789*#"):
        return Keys(line)
    words = line.removeprefix("say ")
    return Recorded(f"of {len(words)} letters", 5) if records else Speech(words, SURE)


def _show(
    flow: Flow,
    turn: Turn,
    write: Callable[[str], None],
    params: Mapping[str, str],
    facts: Facts,
    *,
    first: bool,
) -> Listen | None:
    catalog, language = Catalog.load(), str(facts["language"])
    for event in turn.events:
        if isinstance(event, WantsSlow):
            write("--- slower from now on")
    if turn.state.channel != VOICE:
        for text in written(
            flow, turn, catalog=catalog, language=language, params=params, facts=facts
        ):
            write(text)
        return None
    heard = spoken(
        flow, turn, catalog=catalog, language=language, params=params, facts=facts, first=first
    )
    for piece in heard.pieces:
        write(piece.replace("[p]", "...").strip())
    if heard.listen:
        write(f"    ({heard.listen.mode}, waits {heard.listen.timeout * heard.listen.waits} s)")
    return heard.listen


def _ending(events: tuple[Event, ...]) -> str:
    """Return how the conversation ends with these events, or the empty string when it goes on."""
    for event in events:
        match event:
            case Finished(outcome):
                return f"finished: {outcome}"
            case WantsPerson():
                return "a person is wanted"
            case GaveUp():
                return "given up: a person takes over"
            case _:
                continue
    return ""
