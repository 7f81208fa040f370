"""Finding every fault of a flow before anybody meets it on the phone."""

from collections.abc import Iterator, Mapping

from mentoring.flows.catalog import FALLBACK, Catalog, Wording
from mentoring.flows.menus import MENUS, page_count
from mentoring.flows.steps import (
    BY_KEYS,
    INCOMPLETE,
    TEXT,
    TO_PERSON,
    VOICE,
    Ask,
    Branch,
    Finish,
    Flow,
    Kind,
    Say,
    Step,
)

# A list of more pages than this is no longer held in mind (A3, G4).
MOST_PAGES = 3
# Two keys give a number up to 10; a lone 0 reaches a person, so zero needs a scale ended by pound.
HIGHEST_RATING = 10
_SOUND = "AUDIO:"


def check_flow(flow: Flow, catalog: Catalog) -> list[str]:
    """Return every fault of a flow and of its wording, in sentences; an empty list when sound."""
    shape = [*_doubles(flow), *_missing_targets(flow)]
    if shape:
        return shape
    return [
        *_unreachable(flow),
        *_endless(flow),
        *_talks_to_itself(flow),
        *(fault for language in catalog.languages for fault in _words(flow, catalog, language)),
    ]


def targets(step: Step) -> tuple[str, ...]:
    """Return the keys of all steps to which this one can lead."""
    match step:
        case Ask():
            gotos = tuple(option.goto for option in step.options if option.goto)
            others = (step.next, step.unanswered, step.own_words, step.silent)
            return tuple(dict.fromkeys((*gotos, *(key for key in others if key))))
        case Say():
            return (step.next,)
        case Branch():
            return tuple(dict.fromkeys((*step.cases.values(), step.otherwise)))
        case Finish():
            return ()


def _doubles(flow: Flow) -> Iterator[str]:
    keys = [step.key for step in flow.steps]
    yield from (f"{flow.name}: {key} is there twice." for key in set(keys) if keys.count(key) > 1)


def _missing_targets(flow: Flow) -> Iterator[str]:
    if flow.first not in flow.by_key:
        yield f"{flow.name}: the first step {flow.first} is missing."
    for step in flow.steps:
        for target in targets(step):
            if target not in flow.by_key and target != TO_PERSON:
                yield f"{flow.name}: {step.key} leads to {target}, which is missing."
        if isinstance(step, Ask) and not step.next and not _all_lead_on(step):
            yield f"{flow.name}: {step.key} has answers that lead nowhere."


def _all_lead_on(ask: Ask) -> bool:
    return ask.kind is Kind.CHOICE and bool(ask.options) and all(o.goto for o in ask.options)


def _unreachable(flow: Flow) -> Iterator[str]:
    reached, waiting = set[str](), [flow.first]
    while waiting:
        key = waiting.pop()
        if key not in reached and key != TO_PERSON:
            reached.add(key)
            waiting += targets(flow.by_key[key])
    for step in flow.steps:
        if step.key not in reached:
            yield f"{flow.name}: nothing leads to {step.key}."


def _endless(flow: Flow) -> Iterator[str]:
    """Find the steps from which no end can be reached."""
    ending = {step.key for step in flow.steps if isinstance(step, Finish)}
    for _ in flow.steps:
        ending |= {s.key for s in flow.steps if ending.intersection(targets(s))}
    for step in flow.steps:
        if step.key not in ending:
            yield f"{flow.name}: from {step.key} no end can be reached."


def _talks_to_itself(flow: Flow) -> Iterator[str]:
    """Find circles in which nothing is ever asked."""
    silent = {step.key for step in flow.steps if isinstance(step, Say | Branch)}
    for _ in flow.steps:
        silent = {key for key in silent if silent.intersection(targets(flow.by_key[key]))}
    yield from (f"{flow.name}: {key} is in a circle without a question." for key in sorted(silent))


def _words(flow: Flow, catalog: Catalog, language: str) -> Iterator[str]:
    known = catalog.by_language[language]
    for step in flow.steps:
        if not isinstance(step, Ask | Say) or step.prompt.startswith(_SOUND):
            continue
        for prompt in prompts_of(step):
            wording = known.get(prompt)
            if wording is None and language != FALLBACK:
                # It is said in English until then: tests/house/test_languages.py lists such keys.
                continue
            if wording is None:
                yield f"{flow.name}: {prompt} has no wording in {language}."
                continue
            faults = [*_forms(flow, step, wording)]
            if isinstance(step, Ask):
                faults += [*_options(step, wording), *_lesson(step, known)]
            yield from (f"{flow.name}: {prompt} in {language}: {fault}" for fault in faults)


def _lesson(ask: Ask, known: Mapping[str, Wording]) -> Iterator[str]:
    """Find what is wrong with what is taught before a question."""
    taught = known.get(ask.lesson) if ask.lesson else None
    if ask.lesson and (taught is None or not taught.text or not taught.is_spoken):
        yield f"the lesson {ask.lesson} is not there to be said and texted."


def prompts_of(step: Ask | Say) -> tuple[str, ...]:
    """Return every wording in which a step may be put."""
    other = step.reworded if isinstance(step, Ask) else None
    return (step.prompt, other.prompt) if other else (step.prompt,)


def _forms(flow: Flow, step: Ask | Say, wording: Wording) -> Iterator[str]:
    if VOICE in flow.channels and not wording.is_spoken:
        yield "nothing to say."
    if TEXT in flow.channels and step.key not in voice_only(flow):
        if not wording.text:
            yield "nothing to text."
        if isinstance(step, Ask) and not wording.retry:
            yield "no retry to quote when an answer is not understood."
    if isinstance(step, Ask) and step.kind in (Kind.NAME, Kind.OPEN) and not wording.keys:
        yield "no form for the keys alone."


def voice_only(flow: Flow) -> set[str]:
    """Return the steps that a fork on the channel hides from texts."""
    reached, waiting = set[str](), [flow.first]
    while waiting:
        key = waiting.pop()
        if key in reached or key == TO_PERSON:
            continue
        reached.add(key)
        step = flow.by_key[key]
        if isinstance(step, Branch) and step.fact == "channel":
            waiting.append(step.cases.get(TEXT, step.otherwise))
        else:
            waiting += targets(step)
    return set(flow.by_key) - reached


def _options(ask: Ask, wording: Wording) -> Iterator[str]:
    expected = 1 if ask.options_from else len(ask.options)
    if ask.kind in MENUS and not expected:
        yield "a menu without options."
    if ask.kind in MENUS and len(wording.options) != expected:
        yield f"{len(wording.options)} options in the wording, {expected} in the flow."
    if ask.kind in MENUS and page_count(expected) > MOST_PAGES:
        yield f"{expected} options make more than {MOST_PAGES} pages."
    if any(not option.words for option in wording.options):
        yield "an option that no word chooses."
    if ask.kind is Kind.PICKS and ask.max_picks < 2:
        yield "a list of which only one may be picked."
    yield from _answers_beside_a_menu(ask, wording)
    if ask.settles and ask.kind not in (Kind.HOUR, Kind.CHOICE):
        yield "only an hour, or morning and afternoon, can settle a time."


def _answers_beside_a_menu(ask: Ask, wording: Wording) -> Iterator[str]:
    """Find what is wrong with the few words that a rating, a slot or own words may have."""
    values = [option.value for option in ask.options]
    if ask.kind is Kind.RATING:
        if not 0 <= ask.low < ask.high <= HIGHEST_RATING or (ask.low == 0 and ask.high < 10):
            yield "a scale that no keys can answer."
        if len(wording.options) not in (0, 2):
            yield "words for a rating that are not those of its two ends."
    if ask.kind is Kind.SLOT and (
        values[:1] != [BY_KEYS]
        or values[-1:] != [INCOMPLETE]
        or len(wording.options) != len(values) - 1
    ):
        yield "a day and time that the keys alone can not give."
    if ask.may_skip and len(wording.options) != 1:
        yield "no words to leave it out."
