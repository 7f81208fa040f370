"""H1 to H9: what must hold for a pair, as data. Each says what failed and what would change it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mentoring.matching.candidates import Apart, Candidate
from mentoring.matching.judged import DECLINED
from mentoring.matching.pairs import Pairs, Truths, ways_to_talk
from mentoring.matching.rules import MatchingRules
from mentoring.matching.words import hours_words, languages_words, listed, slots_words
from mentoring.models import BarReason, PersonState

_READY = (PersonState.AVAILABLE, PersonState.ACTIVE)


@dataclass(frozen=True)
class Case:
    """One pair for which a constraint fails, with what its words are made of."""

    protege: Candidate
    mentor: Candidate
    rules: MatchingRules
    shared_slots: int
    apart: BarReason | Apart | None


@dataclass(frozen=True)
class Constraint:
    """One thing that must hold. The words are for staff, and name what they can do."""

    id: str
    title: str
    fails: Callable[[Pairs], Truths]
    failed: Callable[[Case], str]
    change: Callable[[Case], str]


def failing(pairs: Pairs) -> dict[str, Truths]:
    """Return for each constraint which pairs fail it."""
    whole = np.ones(pairs.shape, dtype=bool)
    return {each.id: each.fails(pairs) & whole for each in CONSTRAINTS}


# -- H1 -------------------------------------------------------------------------------------------


def _not_ready(pairs: Pairs) -> Truths:
    return ~(pairs.of_protege(_waits) & pairs.of_mentor(_mentors))


def _waits(person: Candidate) -> bool:
    waits = person.state is PersonState.WAITING and not person.has_proposal
    return waits and person.agreed


def _mentors(person: Candidate) -> bool:
    return person.state in _READY and person.agreed


def _not_ready_words(case: Case) -> str:
    protege, mentor = case.protege, case.mentor
    said = [
        f"{each.name} has not agreed to take part." for each in (protege, mentor) if not each.agreed
    ]
    if protege.state is not PersonState.WAITING:
        said.append(f"{protege.name} is {_state(protege)} and does not wait for a mentor.")
    elif protege.has_proposal:
        said.append(f"A proposal for {protege.name} is open.")
    if mentor.state not in _READY:
        said.append(f"{mentor.name} is {_state(mentor)} and mentors nobody new.")
    return " ".join(said)


def _get_ready(case: Case) -> str:
    protege, mentor = case.protege, case.mentor
    said = [f"{each.name} agrees to take part." for each in (protege, mentor) if not each.agreed]
    if protege.state is not PersonState.WAITING or protege.has_proposal:
        said.append(f"The offer that {protege.name} has is declined or runs out.")
    if mentor.state not in _READY:
        said.append(_TO_BE_READY[mentor.state].format(mentor.name))
    return " ".join(said)


_TO_BE_READY = {
    PersonState.SCREENING: "Screening of {} is done, then the lessons.",
    PersonState.ORIENTATION: "{} finishes the lessons.",
    PersonState.OFFERED: "{} answers the offer that is open.",
    PersonState.ON_BREAK: "{} comes back from the break.",
}


def _state(person: Candidate) -> str:
    return person.state.value.replace("_", " ")


# -- H2 to H5 -------------------------------------------------------------------------------------


def _full(pairs: Pairs) -> Truths:
    return pairs.of_mentor(lambda mentor: mentor.open_places == 0)


def _full_words(case: Case) -> str:
    mentor = case.mentor
    if mentor.places == 1:
        return f"The one place of {mentor.name} is taken."
    return f"All {mentor.places} places of {mentor.name} are taken."


def _more_places(case: Case) -> str:
    rules, mentor = case.rules, case.mentor
    words = f"A match of {mentor.name} ends"
    if mentor.places < rules.most_places:
        words += (
            f", or {mentor.name} takes one more ({rules.first_places} in the first"
            f" {rules.first_days} days, {rules.most_places} at most)"
        )
    return f"{words}."


def _no_shared_language(pairs: Pairs) -> Truths:
    return ~pairs.shared(lambda person: person.languages)


def _language_words(case: Case) -> str:
    said = [f"{e.name} speaks {languages_words(e.languages)}" for e in (case.protege, case.mentor)]
    return f"They share no language: {', '.join(said)}."


def _cannot_talk(pairs: Pairs) -> Truths:
    crosses = pairs.of_protege(_crosses) & pairs.of_mentor(_crosses)
    return ~(pairs.same_mode | crosses) | pairs.equal(lambda person: person.phone_id)


def _crosses(person: Candidate) -> bool:
    return person.crosses_modes


def _cannot_talk_words(case: Case) -> str:
    if case.protege.phone_id == case.mentor.phone_id:
        return "They share one phone, so no call could pass between them."
    both = (case.protege, case.mentor)
    said = [f"{each.name} by {listed(ways_to_talk(each.mode))}" for each in both]
    closed = [each.name for each in both if not each.crosses_modes]
    return f"They talk in different ways ({', '.join(said)}); it does not suit {listed(closed)}."


def _another_way(case: Case) -> str:
    if case.protege.phone_id == case.mentor.phone_id:
        return "One of them has another number."
    return "One of them would also like the other's way, or texts read aloud suit both."


def _too_little_time(pairs: Pairs) -> Truths:
    rules = pairs.programme.matching
    needed = np.where(pairs.only_text, rules.shared_slots_texting, rules.shared_slots)
    return np.asarray(pairs.shared_slots < needed, dtype=bool)


def _time_words(case: Case) -> str:
    unknown = [each.name for each in (case.protege, case.mentor) if not each.zone]
    if unknown:
        return f"The time zone of {' and '.join(unknown)} is not known."
    return f"They have {slots_words(case.shared_slots)} at which both are free."


def _more_time(case: Case) -> str:
    unknown = [each.name for each in (case.protege, case.mentor) if not each.zone]
    if unknown:
        return f"Ask {' and '.join(unknown)} for the time zone."
    return f"{case.protege.name} could also talk at a time of {case.mentor.name}: {_times(case)}."


def _times(case: Case) -> str:
    return f"{hours_words(case.mentor.hours)} by the clock of {case.mentor.name}"


# -- H6 to H8 -------------------------------------------------------------------------------------


def _kept_apart(pairs: Pairs) -> Truths:
    return pairs.apart & ~pairs.declined


def _apart_words(case: Case) -> str:
    return _APART[case.apart or BarReason.STAFF]


_APART: dict[BarReason | Apart, str] = {
    BarReason.PROTEGE_REQUEST: "The protege has asked not to be brought together with this mentor.",
    BarReason.MENTOR_REQUEST: "The mentor has asked not to be brought together with this protege.",
    BarReason.FAMILY: "They are family.",
    BarReason.COMPETITOR: "They compete in the same place.",
    BarReason.STAFF: "Staff have ticked that these two are not brought together.",
    Apart.SAFETY_CLOSURE: "A match of these two was closed for safety.",
    Apart.OPEN_MATCH: "They have an open match already.",
    Apart.DECLINED: "One of them has lately said no to the other.",
}


def _bring_together(case: Case) -> str:
    if case.apart is Apart.SAFETY_CLOSURE:
        return "Nothing."
    if case.apart is Apart.OPEN_MATCH:
        return "Nothing is needed: they are in touch."
    return "Staff take the tick back."


def _safety_case(pairs: Pairs) -> Truths:
    return pairs.of_protege(_has_case) | pairs.of_mentor(_has_case)


def _has_case(person: Candidate) -> bool:
    return person.safety_case


def _case_words(case: Case) -> str:
    names = [each.name for each in (case.protege, case.mentor) if each.safety_case]
    return f"A case of safety about {' and '.join(names)} is open."


def _against_the_rules(pairs: Pairs) -> Truths:
    if not pairs.programme.matching.same_community_only:
        return np.zeros((1, 1), dtype=bool)
    return ~pairs.equal(lambda person: person.community)


CONSTRAINTS = (
    Constraint("H1", "both are ready", _not_ready, _not_ready_words, _get_ready),
    Constraint("H2", "a place is open", _full, _full_words, _more_places),
    Constraint(
        *("H3", "a shared language", _no_shared_language, _language_words),
        lambda case: f"{case.protege.name} and a mentor find a language that both speak.",
    ),
    Constraint("H4", "a way to talk", _cannot_talk, _cannot_talk_words, _another_way),
    Constraint("H5", "time together", _too_little_time, _time_words, _more_time),
    Constraint("H6", "not kept apart", _kept_apart, _apart_words, _bring_together),
    Constraint(
        *("H7", "no open case of safety", _safety_case, _case_words),
        lambda _case: "The case is closed.",
    ),
    Constraint(
        *("H8", "the rules of the organization", _against_the_rules),
        lambda _case: "The programme matches people of the same community only.",
        lambda _case: "Staff write down the same community for both, if it is the same.",
    ),
    Constraint(
        *(DECLINED, "no recent no", lambda pairs: pairs.declined, _apart_words),
        lambda case: f"Time, or a reason of yours: {case.mentor.name} may be picked all the same.",
    ),
)
