"""The retention clock: what people wrote and said is blanked when it is old (S13).

The rows stay, so the contact log still tells who was in contact with whom; only the words go.
Other answers, consents and decisions have longer clocks and are not touched here; nor are numbers,
but for those of references and of silent leads (mentoring/silent_leads.py).
"""

from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    delete,
    exists,
    func,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from mentoring.crypto import FORGOTTEN
from mentoring.db import Session
from mentoring.feedback import blank_feedback
from mentoring.models import (
    UNSETTLED,
    Answer,
    Contact,
    Conversation,
    ConversationStatus,
    Decision,
    Delivery,
    DeliveryKind,
    Match,
    MatchSide,
    MatchState,
    Person,
    PersonState,
    Phone,
    Recording,
    RecordingState,
    Reference,
    ReportRun,
    SpokenNotice,
    StaffTask,
    UnsentForm,
)
from mentoring.oversight.rules import CONCERNS
from mentoring.people import forget_number
from mentoring.quotes import forget_quotes
from mentoring.safety.alert_words import WORRY
from mentoring.silent_leads import forget_silent_leads

# A doubled request comes within seconds; the call it belongs to is over within hours.
_SPOKEN_LASTS = timedelta(days=1)
_NOT_FETCHED = (RecordingState.SPOKEN, RecordingState.READY)
# Who knows a mentor is asked once, and forgotten so long after the decision.
_REFERENCES_LAST = timedelta(days=30)
# They can be worked out again at any time.
_CLIENTS_LAST = timedelta(days=30)
# Whoever could not send a form signs in again within minutes, or does not mean to send it.
UNSENT_LASTS = timedelta(hours=1)
# While one of these is open, nothing of those whom it is about is blanked.
_KEEPING = (*CONCERNS, "O12")
_APPLYING = (PersonState.SCREENING, PersonState.ORIENTATION)


def blank_old_content(session: Session, *, now: datetime, limit: int = 200) -> int:
    """Blank one batch of everything that is too old to keep; returns how many rows it was."""
    works = (
        *(_blank_texts, _blank_recordings, _blank_spoken, _forget_conversations),
        *(_forget_references, _forget_referees, _blank_worries, forget_silent_leads),
        *(_forget_clients, blank_feedback, forget_quotes, _forget_unsent, _forget_notices),
    )
    return sum(work(session, now, limit) for work in works)


def _with_concern() -> Select[int]:
    """Choose the matches in which a worry is open, or a hold: nothing of theirs is blanked yet."""
    of_both = select(MatchSide.person_id).where(MatchSide.match_id == Match.id)
    worry = _is_open(StaffTask.match_id == Match.id, StaffTask.person_id.in_(of_both))
    return select(Match.id).where(or_(Match.state == MatchState.SAFETY_HOLD, worry))


def _is_open(*about: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that a worry is open to which one of these applies."""
    return exists().where(StaffTask.rule.in_(_KEEPING), StaffTask.done_at.is_(None), or_(*about))


def _blank_texts(session: Session, now: datetime, limit: int) -> int:
    programme = session.programme
    closed_before = now - timedelta(days=programme.text_days_after_closing)
    due = (
        select(Delivery.id)
        .outerjoin(Contact, Contact.id == Delivery.contact_id)
        .outerjoin(Match, Match.id == Contact.match_id)
        .where(
            Delivery.body_sealed.is_not(None),
            Delivery.status.not_in(UNSETTLED),
            or_(
                Delivery.created_at < now - timedelta(days=programme.text_days),
                and_(Delivery.kind == DeliveryKind.RELAY, Match.closed_at < closed_before),
            ),
            or_(Match.id.is_(None), Match.id.not_in(_with_concern())),
        )
        .limit(limit)
    )
    blanked = update(Delivery).where(Delivery.id.in_(due)).values(body_sealed=None)
    return _count(session, blanked.returning(Delivery.id))


def _blank_worries(session: Session, now: datetime, limit: int) -> int:
    """Blank what worried somebody, in their own words, when a text of that day would be."""
    programme = session.programme
    closed_before = now - timedelta(days=programme.text_days_after_closing)
    still_open = _is_open(
        StaffTask.person_id == Conversation.person_id,
        StaffTask.phone_id == Conversation.phone_id,
    )
    due = (
        select(Answer.id)
        .join(Conversation, Conversation.id == Answer.conversation_id)
        .outerjoin(Match, Match.id == Conversation.match_id)
        .where(
            Answer.question == WORRY,
            Answer.words_sealed.is_not(None),
            or_(
                Answer.at < now - timedelta(days=programme.text_days),
                Match.closed_at < closed_before,
            ),
            ~still_open,
            or_(Match.id.is_(None), Match.id.not_in(_with_concern())),
        )
        .limit(limit)
    )
    blanked = update(Answer).where(Answer.id.in_(due)).values(words_sealed=None)
    return _count(session, blanked.returning(Answer.id))


def _blank_recordings(session: Session, now: datetime, limit: int) -> int:
    """Blank what was heard some time ago, and what nobody will hear any more."""
    programme = session.programme
    still_open = _is_open(
        StaffTask.recording_id == Recording.id, StaffTask.person_id == Recording.from_person_id
    )
    due = (
        select(Recording.id)
        .where(
            or_(Recording.audio_sealed.is_not(None), Recording.words_sealed.is_not(None)),
            Recording.state.not_in(_NOT_FETCHED),
            or_(
                Recording.heard_at < now - timedelta(days=programme.heard_note_days),
                Recording.made_at < now - timedelta(days=programme.note_days),
            ),
            ~still_open,
            or_(Recording.match_id.is_(None), Recording.match_id.not_in(_with_concern())),
        )
        .limit(limit)
    )
    blanked = (
        update(Recording)
        .where(Recording.id.in_(due))
        .values(
            audio_sealed=None,
            words_sealed=None,
            # Deleted for whom it was left: a menu that offered it would play silence.
            deleted_at=func.coalesce(Recording.deleted_at, now),
        )
    )
    return _count(session, blanked.returning(Recording.id))


def _blank_spoken(session: Session, now: datetime, limit: int) -> int:
    due = (
        select(Conversation.id)
        .where(
            Conversation.spoken_sealed.is_not(None),
            Conversation.touched_at < now - _SPOKEN_LASTS,
        )
        .limit(limit)
    )
    blanked = update(Conversation).where(Conversation.id.in_(due)).values(spoken_sealed=None)
    return _count(session, blanked.returning(Conversation.id))


def _forget_conversations(session: Session, now: datetime, limit: int) -> int:
    """Forget where a conversation was that is over, or that it is too late to go on with."""
    resumed_until = now - timedelta(days=session.programme.resume_days)
    due = (
        select(Conversation.id)
        .where(Conversation.state_sealed != FORGOTTEN, Conversation.touched_at < resumed_until)
        .limit(limit)
    )
    is_open = Conversation.status == ConversationStatus.OPEN
    forgotten = (
        update(Conversation)
        .where(Conversation.id.in_(due))
        .values(
            state_sealed=FORGOTTEN,
            status=case((is_open, ConversationStatus.LEFT), else_=Conversation.status),
        )
    )
    return _count(session, forgotten.returning(Conversation.id))


def _forget_clients(session: Session, now: datetime, limit: int) -> int:
    """Forget the rows about single people that were worked out with a report."""
    due = (
        select(ReportRun.id)
        .where(ReportRun.clients.is_not(None), ReportRun.done_at < now - _CLIENTS_LAST)
        .limit(limit)
    )
    forgotten = update(ReportRun).where(ReportRun.id.in_(due)).values(clients=null())
    return _count(session, forgotten.returning(ReportRun.id))


def _forget_unsent(session: Session, now: datetime, limit: int) -> int:
    """Delete what was typed into forms that nobody has sent."""
    due = select(UnsentForm.id).where(UnsentForm.kept_at <= now - UNSENT_LASTS).limit(limit)
    rows = session.scalars(
        delete(UnsentForm).where(UnsentForm.id.in_(due)).returning(UnsentForm.id),
        execution_options={"synchronize_session": False},
    )
    return len(rows.all())


def _forget_notices(session: Session, now: datetime, limit: int) -> int:
    """Delete what was said to somebody at a call, or has waited for one for so long."""
    old = now - timedelta(days=session.programme.note_days)
    due = select(SpokenNotice.id).where(SpokenNotice.made_at < old).limit(limit)
    rows = session.scalars(
        delete(SpokenNotice).where(SpokenNotice.id.in_(due)).returning(SpokenNotice.id),
        execution_options={"synchronize_session": False},
    )
    return len(rows.all())


def _forget_references(session: Session, now: datetime, limit: int) -> int:
    """Forget who knows a mentor, some time after it was decided, or after the application ended."""
    old = now - _REFERENCES_LAST
    decided = exists().where(
        Decision.person_id == Reference.person_id,
        Decision.at >= Reference.added_at,
        Decision.at < old,
    )
    over = select(Person.id).where(Person.state.not_in(_APPLYING), Person.state_since < old)
    due = (
        select(Reference.id)
        .where(
            Reference.name_sealed.is_not(None),
            or_(decided, and_(Reference.added_at < old, Reference.person_id.in_(over))),
        )
        .limit(limit)
    )
    forgotten = (
        update(Reference)
        .where(Reference.id.in_(due))
        .values(name_sealed=None, number_sealed=None, words_sealed=None)
    )
    return _count(session, forgotten.returning(Reference.id))


def _forget_referees(session: Session, now: datetime, limit: int) -> int:
    """Forget the phones of forgotten references: nobody's number is left, nor found any more.

    Whoever has opted out stays known by number, or a later text could not be held back. So does
    whom staff are still to call.
    """
    del now
    due = session.scalars(
        select(Reference)
        .where(
            Reference.phone_id.is_not(None),
            Reference.name_sealed.is_(None),
            ~exists().where(StaffTask.phone_id == Reference.phone_id, StaffTask.done_at.is_(None)),
        )
        .limit(limit)
    ).all()
    for reference in due:
        phone = session.get_one(Phone, reference.phone_id)
        reference.phone_id = None
        session.flush()
        still = select(Reference.id).where(Reference.phone_id == phone.id).limit(1)
        if phone.people or phone.texts_refused_at or session.scalar(still) is not None:
            continue
        forget_number(phone)
    return len(due)


def _count(session: Session, blanked: ReturningUpdate[tuple[int]]) -> int:
    rows = session.scalars(blanked, execution_options={"synchronize_session": False})
    return len(rows.all())
