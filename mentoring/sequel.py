"""What follows when a flow has ended: the next flow, a call, a person, or goodbye."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from mentoring import enrollment
from mentoring.after_notes import after_note, after_notices, after_play, hear_notes
from mentoring.applications.orientation import FLOW_OF, after_orientation, has_lessons_left
from mentoring.calendar.answered import after_questions
from mentoring.calendar.first_talks import is_off
from mentoring.calendar.ladders import LADDERS, LASTING
from mentoring.calendar.talk_answers import after_talk_question
from mentoring.calendar.talks import ASKED_BEFORE
from mentoring.calendar.waiting_reminders import waiting_reminder
from mentoring.clock import spoken_day
from mentoring.db import Session
from mentoring.effects import Connect, Ended, Goodbye, Sequel, ToPerson
from mentoring.interest import (
    after_interest,
    after_interest_begin,
    after_interest_kept,
    after_interest_name,
    early_flow,
)
from mentoring.languages import ENGLISH
from mentoring.models import (
    Channel,
    Conversation,
    ConversationStatus,
    Invitation,
    InvitationState,
    Person,
    PersonState,
    Phone,
    Role,
)
from mentoring.partners import Partner, partners_of
from mentoring.people import AWAY
from mentoring.placeholders import plan_words
from mentoring.proposals.about_me import after_about_me
from mentoring.proposals.answered import after_match_news, after_proposal
from mentoring.proposals.asking import is_asked, is_called_off
from mentoring.proposals.browsing import after_browsing, begin_browsing
from mentoring.proposals.records import FLOW_OF as PROPOSAL_OF
from mentoring.put_aside import Beside, is_of_nobody_named, make_room, questions_beside
from mentoring.reminders import ask_again_in
from mentoring.safety.paging import after_page
from mentoring.safety.worry import FLOW as CONCERN
from mentoring.safety.worry import after_worry, worry_told_by
from mentoring.service_calls.opening import after_name_check, after_outbound
from mentoring.spoken_notices import FLOW as NOTICES
from mentoring.spoken_notices import words_to_say
from mentoring.stopping import (
    after_come_back,
    after_finish,
    after_finish_in_menu,
    after_pause_in_menu,
    menu_for,
)
from mentoring.tasks import open_task
from mentoring.wrong_numbers import own_again


def sequel_of(
    session: Session,
    conversation: Conversation,
    outcome: str,
    answers: Mapping[str, str],
    *,
    proof: str,
    now: datetime,
) -> Sequel:
    """Return what follows the end of a conversation's flow, after letting it take effect."""
    ended = Ended(session, conversation, outcome, answers, proof, now)
    return _SEQUELS[conversation.flow](ended)


def _after_welcome(ended: Ended) -> Sequel:
    role = Role(ended.outcome)
    enrollment.begin_as(ended.session, ended.conversation, role, actor="caller", now=ended.now)
    return Sequel(flow="consent")


def _after_who(ended: Ended) -> Sequel:
    """Several people share this phone: now we know which of them it is (S9)."""
    chosen = ended.answers.get("WHO", "")
    person = ended.session.get(Person, int(chosen)) if chosen.isdecimal() else None
    if ended.conversation.person_id is not None:
        return after_name_check(ended, person)
    beside = questions_beside(ended.session, ended.conversation, now=ended.now)
    if person is None or person.phone_id != ended.conversation.phone_id:
        if beside.open is not None and is_of_nobody_named(beside.open):
            return Sequel(switch_to=beside.open)
        return _instead_of(ended, beside.open, _put_aside(ended, beside, None), flow="welcome")
    return _go_on_with(ended, person, beside)


def _go_on_with(ended: Ended, person: Person, beside: Beside) -> Sequel:
    """Now we know who is there: go on with their open question, else with what fits them."""
    if beside.open is not None and beside.open.person_id == person.id:
        return Sequel(switch_to=beside.open)
    ended.conversation.person = person
    ended.conversation.person_id = person.id
    by_text = ended.conversation.channel is Channel.TEXT
    mine = _put_aside(ended, beside, person)
    if mine is None and by_text:
        mine = _invited(ended, person)
    flow = "" if mine is not None else _flow_instead(ended, person, by_text=by_text)
    return _instead_of(ended, beside.open, mine, flow=flow)


def _flow_instead(ended: Ended, person: Person, *, by_text: bool) -> str:
    """Return what begins where no question of theirs is open: by text one that waits."""
    reminder = waiting_reminder(ended.session, person, now=ended.now) if by_text else None
    if reminder is None:
        return flow_for(ended.session, person, spoken=not by_text)
    ended.conversation.invitation_id = reminder.id
    ended.conversation.match_id = reminder.match_id
    return reminder.flow


def _instead_of(
    ended: Ended, waiting: Conversation | None, mine: Conversation | None, *, flow: str
) -> Sequel:
    """Go on with a question that had made room, else with a flow; what is open is another's."""
    if waiting is not None and (mine is not None or flow in LASTING):
        make_room(ended.session, waiting, now=ended.now)
    return Sequel(switch_to=mine) if mine is not None else Sequel(flow=flow)


def _put_aside(ended: Ended, beside: Beside, person: Person | None) -> Conversation | None:
    """Return the question of theirs that made room, unless what it is about has gone."""
    session, aside = ended.session, beside.aside_of(person)
    if aside is None or is_called_off(session, aside) or is_off(session, aside):
        return None
    return aside


def _after_disowned(ended: Ended) -> Sequel:
    """Somebody calls from a phone that was said to be a wrong number: is it theirs?"""
    phone = ended.conversation.phone
    if ended.outcome != "mine" or phone is None:
        return Sequel(effect=Goodbye())
    own_again(ended.session, phone, now=ended.now)
    person = phone.only_person
    if phone.shared or person is None:
        return Sequel(flow="who")
    beside = questions_beside(ended.session, ended.conversation, now=ended.now)
    return _go_on_with(ended, person, beside)


_INVITED = (
    select(Conversation)
    .join(Invitation, Invitation.id == Conversation.invitation_id)
    .where(
        Conversation.person_id == bindparam("person_id"),
        Conversation.status == ConversationStatus.LEFT,
        Invitation.state == InvitationState.ASKED,
    )
    .order_by(Conversation.id.desc())
    .limit(1)
)


def _invited(ended: Ended, person: Person) -> Conversation | None:
    """Return the questions of an invitation that made room for another one, if any did."""
    return ended.session.scalar(_INVITED, {"person_id": person.id})


def _after_language(ended: Ended) -> Sequel:
    """The language is chosen: greet them in it, and go on with what a new caller hears."""
    offered = ended.session.programme.languages
    chosen = ended.answers.get("LANG", ENGLISH)
    language = chosen if chosen in offered else ENGLISH
    flow = first_flow(ended.session, ended.conversation.phone)
    # English was what they were greeted in already.
    greeting = () if language == ENGLISH else ("V-GREET",)
    return Sequel(greeting, flow=flow, language=language)


def _after_withheld(_ended: Ended) -> Sequel:
    return Sequel(effect=ToPerson("called with a hidden number"))


_INTAKE = {Role.PROTEGE: "intake_protege", Role.MENTOR: "intake_mentor"}
# Whoever is not (or no longer) with us is welcomed like a new caller.
_FLOW_IN = {
    PersonState.LEAD: "welcome",
    PersonState.EXITED: "welcome",
    PersonState.SUSPENDED: "held",
    PersonState.CONSENTING: "consent",
}


def first_flow(session: Session, phone: Phone | None) -> str:
    """Return the flow that somebody begins with of whom nothing is known."""
    if not session.programme.is_live:
        return early_flow(session, phone)
    return "welcome" if phone is not None else "withheld"


def flow_for(session: Session, person: Person, *, spoken: bool = False) -> str:
    """Return the flow that fits a person: what is unfinished first, then the menu.

    On the phone, where it is `spoken`, they first hear what waits to be said to them.
    """
    if person.state in _FLOW_IN:
        return _FLOW_IN[person.state]
    if person.state is PersonState.INTAKE:
        return _INTAKE[person.role]
    if person.state is PersonState.ORIENTATION and has_lessons_left(session, person):
        return FLOW_OF[person.role]
    if person.state in AWAY:
        return "come_back"
    if is_asked(session, person):
        return PROPOSAL_OF[person.role]
    if spoken and words_to_say(session, person):
        return NOTICES
    return menu_for(session, person)


def _after_held(_ended: Ended) -> Sequel:
    return Sequel(effect=Goodbye())


def _after_consent(ended: Ended) -> Sequel:
    person = ended.person
    if ended.outcome == "refused":
        enrollment.consent_refused(ended.session, person, actor=ended.actor, now=ended.now)
        return Sequel(effect=Goodbye())
    enrollment.consent_given(ended.session, person, actor=ended.actor, now=ended.now)
    return Sequel(flow=_INTAKE[person.role])


def _after_intake(ended: Ended) -> Sequel:
    if ended.outcome == "minor":
        enrollment.is_minor(ended.session, ended.person, actor=ended.actor, now=ended.now)
        return Sequel(effect=ToPerson("is under 18 and needs another service"))
    if ended.outcome == "later":
        return _until_tomorrow(ended)
    task = enrollment.intake_done(ended.session, ended.person, actor=ended.actor, now=ended.now)
    # The promise names the day by which the task is due, not the day of an ordinary call back.
    by_day = spoken_day(task.due_at, ended.session.programme.office)
    return Sequel(effect=Goodbye(), known={"date": by_day})


def _until_tomorrow(ended: Ended) -> Sequel:
    """Part two waits. By text we ask again tomorrow, and say so where that can be kept."""
    reminded = ended.conversation.channel is Channel.TEXT and ask_again_in(
        ended.session, ended.conversation, timedelta(days=1), now=ended.now
    )
    said = "T-TOMORROW" if reminded else "T-PA6L"
    return Sequel((said,), effect=Goodbye(), resume_at="PB1", as_if={"PA6": "now"})


def _after_menu(ended: Ended) -> Sequel:
    handlers: dict[str, Callable[[Ended], Sequel]] = {
        "call": _call_somebody,
        "notes": hear_notes,
        "worry": _worry,
        "message": _message,
        "slow": _slower,
        "browse": begin_browsing,
        "tips": lambda _: Sequel(flow="tips"),
        "about me": lambda _: Sequel(flow="about_me"),
        "plan": _read_plan,
        "pause": after_pause_in_menu,
        "finish": after_finish_in_menu,
    }
    return handlers[ended.outcome](ended)


def _chosen_partner(ended: Ended, question: str) -> Partner | None:
    """Return whom somebody has chosen of those they are matched with, or the only one there is."""
    partners = partners_of(ended.session, ended.person.id)
    chosen = ended.answers.get(question)
    alone = partners[0] if len(partners) == 1 else None
    return next((each for each in partners if str(each.side_id) == chosen), alone)


def _call_somebody(ended: Ended) -> Sequel:
    partner = _chosen_partner(ended, "MATCH")
    if partner is None:
        return Sequel(effect=ToPerson("wanted to call a partner who is gone"))
    ended.conversation.match_id = partner.match_id
    return Sequel(effect=Connect(partner.side_id))


def _read_plan(ended: Ended) -> Sequel:
    """Read the plan of a match back, as PLAN does by text, and offer the menu again."""
    partner = _chosen_partner(ended, "WHOSE")
    if partner is None:
        # The match that was chosen has ended since.
        return Sequel(flow=menu_for(ended.session, ended.person))
    prompt, known = plan_words(ended.session, partner.match_id, partner.name, ended.person)
    return Sequel((prompt,), flow="main_menu", known=known)


def _worry(ended: Ended) -> Sequel:
    """Staff know from now on. On the phone the questions live for this call, and no longer."""
    worry_told_by(ended.session, ended.conversation, now=ended.now)
    return Sequel(flow=CONCERN, brief=ended.conversation.channel is Channel.VOICE)


def _message(ended: Ended) -> Sequel:
    _open_message_task(ended, rule="O8", words=f"{ended.person.code} has something to tell us.")
    return Sequel(effect=Goodbye())


def _open_message_task(ended: Ended, *, rule: str, words: str) -> None:
    open_task(
        ended.session,
        rule=rule,
        words=words,
        key=f"{rule}:{ended.proof}",
        person=ended.person,
        recording_id=ended.conversation.recording_id,
        now=ended.now,
    )


def _slower(ended: Ended) -> Sequel:
    phone = ended.conversation.phone
    if phone is not None:
        phone.slow = True
    if ended.conversation.channel is Channel.TEXT:
        return Sequel(effect=Goodbye())
    return Sequel(flow=ended.conversation.flow)


_SEQUELS: dict[str, Callable[[Ended], Sequel]] = {
    "welcome": _after_welcome,
    "who": _after_who,
    "disowned": _after_disowned,
    "language": _after_language,
    "withheld": _after_withheld,
    **dict.fromkeys(("held", "not_started"), _after_held),
    "interest": after_interest,
    "interest_name": after_interest_name,
    "interest_kept": after_interest_kept,
    "consent": _after_consent,
    **dict.fromkeys(_INTAKE.values(), _after_intake),
    **dict.fromkeys(("main_menu", "waiting_menu"), _after_menu),
    "play_notes": after_play,
    NOTICES: after_notices,
    "leave_note": after_note,
    "finish": after_finish,
    "come_back": after_come_back,
    **dict.fromkeys(LADDERS, after_questions),
    **dict.fromkeys((*ASKED_BEFORE, "first_talk", "talk_time"), after_talk_question),
    **dict.fromkeys(FLOW_OF.values(), after_orientation),
    **dict.fromkeys(PROPOSAL_OF.values(), after_proposal),
    "match_news": after_match_news,
    **dict.fromkeys(("browse", "tips"), after_browsing),
    "about_me": after_about_me,
    "interest_begin": after_interest_begin,
    "outbound": after_outbound,
    CONCERN: after_worry,
    "page": after_page,
}
