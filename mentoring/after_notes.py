"""What follows when somebody has heard a note or a notice, or has left a note."""

from collections.abc import Mapping

from mentoring.effects import Ended, Goodbye, Sequel, ToPerson
from mentoring.models import Channel, Recording
from mentoring.notes import delete_note, mark_heard, send_note, waiting_notes
from mentoring.oversight.silence_words import silence_words
from mentoring.partners import partners_of
from mentoring.routing import is_held, route_in_match
from mentoring.service_calls.answers import service_call_of
from mentoring.service_calls.opening import what_the_call_is_about
from mentoring.spoken_notices import mark_said
from mentoring.stopping import menu_for


def after_notices(ended: Ended) -> Sequel:
    """What waited has been said: go on with what our call is about, or with the menu."""
    conversation, session = ended.conversation, ended.session
    mark_said(session, ended.person.id, heard_at=conversation.touched_at, now=ended.now)
    call = service_call_of(session, conversation, now=ended.now)
    if call is not None:
        return what_the_call_is_about(call)
    return Sequel(flow=menu_for(session, ended.person))


def hear_notes(ended: Ended) -> Sequel:
    if ended.conversation.channel is Channel.TEXT:
        return Sequel(("T-NOTES",), effect=Goodbye())
    waiting = waiting_notes(ended.session, ended.person.id)
    if not waiting:
        said, known = _words_for_silence(ended)
        return Sequel(("V-NOTES-NONE", *said), flow="main_menu", known=known)
    ended.conversation.recording_id = waiting[0].id
    ended.conversation.match_id = waiting[0].match_id
    return Sequel(flow="play_notes")


def _words_for_silence(ended: Ended) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """Return what is known of the one person from whom there is nothing to hear, if they wait."""
    partners = partners_of(ended.session, ended.person.id)
    if len(partners) != 1:
        return (), {}
    words = silence_words(ended.session, partners[0].match_id, ended.person, ended.now)
    return ((words[0],), words[1]) if words is not None else ((), {})


def after_play(ended: Ended) -> Sequel:
    note = _note_of(ended)
    if note is not None:
        mark_heard(note, now=ended.now)
        if ended.outcome == "delete":
            delete_note(note, now=ended.now)
        ended.session.flush()
    if ended.outcome == "answer":
        ended.conversation.recording_id = None
        return Sequel(flow="leave_note")
    return hear_notes(ended)


def _note_of(ended: Ended) -> Recording | None:
    note_id = ended.conversation.recording_id
    return ended.session.get(Recording, note_id) if note_id is not None else None


def after_note(ended: Ended) -> Sequel:
    if ended.outcome == "none":
        return Sequel(effect=Goodbye())
    note = _note_of(ended)
    match_id = ended.conversation.match_id
    if note is None or match_id is None:
        return Sequel(effect=ToPerson("a voice note could not be sent"))
    route = route_in_match(ended.session, match_id, ended.person.id)
    if route is None:
        return _not_sent(ended, match_id)
    send_note(ended.session, note, route, now=ended.now)
    return Sequel(("V-NOTE-SENT",), effect=Goodbye())


def _not_sent(ended: Ended, match_id: int) -> Sequel:
    """The match was held or closed meanwhile. A hold is named; of an end a person tells."""
    if is_held(ended.session, match_id):
        return Sequel(("V-HOLD",), effect=ToPerson("left a note in a match that is on hold"))
    return Sequel(effect=ToPerson("left a note in a match that ended"))
