"""What follows when the service has rung somebody and they have told who is there."""

from mentoring.db import Session
from mentoring.effects import Ended, Goodbye, Sequel, ToPerson, effect_from_text
from mentoring.models import Person
from mentoring.service_calls.answers import (
    ServiceCall,
    needs_name,
    no_more_calls,
    number_is_wrong,
    person_is_there,
    service_call_of,
    somebody_else_is_there,
    wrong_person_is_there,
)
from mentoring.spoken_notices import FLOW as NOTICES
from mentoring.spoken_notices import words_to_say


def after_outbound(ended: Ended) -> Sequel:
    """We rang somebody, and they have told who is there; or nobody has told anything."""
    session, now, conversation = ended.session, ended.now, ended.conversation
    if ended.outcome == "nobody":
        return Sequel(effect=Goodbye())
    call = service_call_of(session, conversation, now=now)
    if ended.outcome == "stop":
        no_more_calls(session, call, conversation.phone, now=now)
        return Sequel(("V-NOCALLS",), effect=Goodbye())
    if call is None:
        return Sequel(effect=ToPerson("was called about something that is gone"))
    if ended.outcome == "wrong":
        number_is_wrong(session, call, conversation.phone, now=now)
        return Sequel(("V-OUTNO",), effect=Goodbye())
    if ended.outcome == "no":
        wrong_person_is_there(session, call, now=now)
        return Sequel(("V-OUTNO",), effect=Goodbye())
    person_is_there(call, now=now)
    if call.is_settled(conversation.person):
        return Sequel(("V-OUTGONE",), effect=Goodbye())
    if needs_name(conversation.person, conversation.phone):
        return Sequel(flow="who")
    return _news_first(call, session, conversation.person)


def after_name_check(ended: Ended, chosen: Person | None) -> Sequel:
    """We rang a shared phone, and who is there has said their name (S9)."""
    call = service_call_of(ended.session, ended.conversation, now=ended.now)
    if call is None:
        return Sequel(effect=ToPerson("was called about something that is gone"))
    if chosen is None or chosen.id != ended.conversation.person_id:
        somebody_else_is_there(call)
        return Sequel(("V-OUTNO",), effect=Goodbye())
    return _news_first(call, ended.session, chosen)


def _news_first(call: ServiceCall, session: Session, person: Person | None) -> Sequel:
    """Say what waits to be said before what the call is about; a talk waits for nothing."""
    leads_on = effect_from_text(call.row.flow) is not None
    if leads_on or person is None or not words_to_say(session, person):
        return what_the_call_is_about(call)
    return Sequel(flow=NOTICES)


def what_the_call_is_about(call: ServiceCall) -> Sequel:
    """Go on with the questions where they stand, half by text and half by phone; or begin them."""
    if call.goes_on_with is not None:
        return Sequel(switch_to=call.goes_on_with)
    # A talk that they asked to be rung for goes on to the other side at once.
    leads_to = effect_from_text(call.row.flow)
    if leads_to is not None:
        return Sequel(effect=leads_to)
    return Sequel(flow=call.row.flow, brief=call.waiting is not None)
