"""A person in a conversation, for tests that read like the phone call."""

from collections.abc import Mapping

from mentoring.flows import FLOWS
from mentoring.flows.catalog import Catalog
from mentoring.flows.engine import State, Turn, again, answer, no_input, resume, start
from mentoring.flows.events import Answered, Event, Finished, GaveUp, Prompted, WantsPerson
from mentoring.flows.inputs import Input, Keys, Recorded, Speech, Text
from mentoring.flows.render import Spoken, spoken, written
from mentoring.flows.steps import Ask, Finish, Flow, Kind, Option

CATALOG = Catalog.load()
PARAMS: Mapping[str, str] = {
    **{"emergency": "911", "crisis": "988"},
    "org": "BridgeLine",
    "name": "Denise",
    "mentor": "Ellen",
    "protege": "Denise",
    "staff": "Charlotte",
    "num": "515 555 0100",
    "date": "Tue, Mar 3",
    "day": "Mon, Mar 2",
    "time": "4 pm",
    "from": "8 am",
    "until": "9 pm",
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
    "minutes": "60",
}
FACTS: Mapping[str, object] = {"matches": [["m1", "Ellen"], ["m2", "Luis"], ["m3", "Grace"]]}

# The one question of part B that is spoken in pages and picked from more than once.
PICKS = Flow(
    "picks",
    1,
    (
        Ask(
            "PB3",
            "T-PB3",
            Kind.PICKS,
            tuple(Option(letter) for letter in "ABCDEFGH"),
            "END",
            max_picks=3,
        ),
        Finish("END", "end"),
    ),
    "PB3",
)


class Caller:
    """Plays one flow turn by turn. Each turn goes through JSON, as it does in the database."""

    def __init__(
        self,
        flow: Flow | str,
        *,
        channel: str = "voice",
        facts: Mapping[str, object] = FACTS,
        slow: bool = False,
    ) -> None:
        self.flow = FLOWS[flow] if isinstance(flow, str) else flow
        self.facts = facts
        self.stored: list[Answered] = []
        self.take(start(self.flow, channel=channel, facts=facts, slow=slow))

    def take(self, turn: Turn) -> "Caller":
        self.turn = Turn(State.from_json(turn.state.to_json()), turn.events)
        self.stored += [event for event in turn.events if isinstance(event, Answered)]
        return self

    @property
    def state(self) -> State:
        return self.turn.state

    @property
    def events(self) -> tuple[Event, ...]:
        return self.turn.events

    @property
    def asked(self) -> Prompted:
        """The question that was put last."""
        prompts = [event for event in self.events if isinstance(event, Prompted)]
        return prompts[-1]

    @property
    def outcome(self) -> str | None:
        return next((event.outcome for event in self.events if isinstance(event, Finished)), None)

    @property
    def wants_person(self) -> bool:
        return any(isinstance(event, WantsPerson) for event in self.events)

    @property
    def gave_up(self) -> bool:
        return any(isinstance(event, GaveUp) for event in self.events)

    def give(self, given: Input) -> "Caller":
        return self.take(answer(self.flow, self.state, given, facts=self.facts, catalog=CATALOG))

    def press(self, *digits: str) -> "Caller":
        for each in digits:
            self.give(Keys(each))
        return self

    def say(self, words: str, confidence: float | None = 0.9) -> "Caller":
        return self.give(Speech(words, confidence))

    def text(self, body: str) -> "Caller":
        return self.give(Text(body))

    def record(self, seconds: float = 5, key: str = "#", ref: str = "RE1") -> "Caller":
        return self.give(Recorded(ref, seconds, key))

    def silent(self) -> "Caller":
        return self.take(no_input(self.flow, self.state, facts=self.facts))

    def ask_again(self) -> "Caller":
        return self.take(again(self.flow, self.state, facts=self.facts))

    def come_back(self, channel: str) -> "Caller":
        return self.take(resume(self.flow, self.state, channel=channel, facts=self.facts))

    @property
    def hears(self) -> Spoken:
        return spoken(self.flow, self.turn, catalog=CATALOG, params=PARAMS, facts=self.facts)

    @property
    def heard(self) -> str:
        """Everything that is said in this turn, in one line."""
        return " ".join(self.hears.pieces)

    @property
    def texts(self) -> tuple[str, ...]:
        return written(self.flow, self.turn, catalog=CATALOG, params=PARAMS, facts=self.facts)
