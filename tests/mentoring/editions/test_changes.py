"""Drafting, putting live, rolling back and signing; and the next transaction of any process."""

from collections.abc import Callable
from dataclasses import replace
from threading import Thread

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from mentoring.clock import ManualClock
from mentoring.db import Database, Session
from mentoring.editions.changes import (
    Place,
    editions_of,
    forms_at,
    put_live,
    roll_back,
    save_draft,
    sign,
)
from mentoring.editions.current import catalog_for, live_wordings
from mentoring.editions.forms import Forms, forms_of
from mentoring.errors import ProgrammeError
from mentoring.flows.catalog import Catalog
from mentoring.models import AuditEntry, EditionState, Person, Transition, WordingEdition
from mentoring.models import WordingReview as Review

GREET = Place("V-GREET", "en", "")
NEW = Forms(voice="You have reached {org}.")
CLEO = "staff:Cleo"


@pytest.fixture(autouse=True)
def _small(catalog: Catalog) -> None:
    """Every test here is about the small catalog."""


@pytest.fixture
def edit(db: Database, clock: ManualClock) -> Callable[..., int]:
    """Drafts a wording after the newest one, and puts it live; returns its version."""

    def edit(forms: Forms, place: Place = GREET, *, live: bool = True) -> int:
        with db.transaction() as session:
            editions = editions_of(session, place)
            seen, now = editions[0].version if editions else 0, clock.now()
            made = save_draft(session, place, forms, seen=seen, note="why", actor=CLEO, now=now)
            if live:
                put_live(session, place, made.version, actor=CLEO, now=now)
            return made.version

    return edit


def greeting(db: Database, community: str = "", language: str = "en") -> str:
    """Return what the next caller of a community hears first."""
    with db.transaction() as session:
        return catalog_for(session, Person(community=community)).wording("V-GREET", language).voice


def states(db: Database, place: Place = GREET) -> list[EditionState]:
    """Return the states of the versions of a place, the oldest first."""
    with db.transaction() as session:
        return [each.state for each in reversed(editions_of(session, place))]


def back(session: Session, version: int, seen: int, clock: ManualClock) -> None:
    """Go back to a version of the greeting."""
    roll_back(session, GREET, version, seen=seen, reason="kinder", actor=CLEO, now=clock.now())


def test_nobody_hears_a_draft_and_everybody_what_is_live(
    db: Database, edit: Callable[..., int]
) -> None:
    shipped = greeting(db)
    assert edit(NEW, live=False) == 1
    assert greeting(db) == shipped
    edit(replace(NEW, voice="Welcome to {org}."))
    assert greeting(db) == "Welcome to {org}."
    assert states(db) == [EditionState.REPLACED, EditionState.LIVE]


def test_going_back_is_heard_and_can_be_undone(
    db: Database, clock: ManualClock, edit: Callable[..., int]
) -> None:
    shipped = greeting(db)
    edit(NEW)
    edit(replace(NEW, voice="Welcome to {org}."))
    with db.transaction() as session:
        back(session, 1, 2, clock)
    assert greeting(db) == NEW.voice
    with db.transaction() as session:
        back(session, 0, 1, clock)
    assert greeting(db) == shipped
    with db.transaction() as session:
        back(session, 2, 0, clock)
    assert greeting(db) == "Welcome to {org}."


def test_who_did_what_and_why_is_kept(
    db: Database, clock: ManualClock, edit: Callable[..., int]
) -> None:
    edit(NEW)
    with db.transaction() as session:
        back(session, 0, 1, clock)
        moves = [
            (each.from_state, each.to_state, each.actor, each.reason)
            for each in session.scalars(
                select(Transition).where(Transition.entity == "wording").order_by(Transition.id)
            )
        ]
        looks = [
            (each.action, each.entity_id, each.reason)
            for each in session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        ]

    assert moves == [
        (None, "draft", CLEO, "why"),
        ("draft", "live", CLEO, "why"),
        ("live", "rolled_back", CLEO, "kinder"),
    ]
    assert looks == [
        ("drafted wording", "V-GREET en, version 1", "why"),
        ("put wording live", "V-GREET en, version 1", "why"),
        ("rolled wording back", "V-GREET en, version 0", "kinder"),
    ]


def test_a_community_hears_its_own_edition_and_all_others_that_of_all(
    db: Database, edit: Callable[..., int]
) -> None:
    edit(NEW)
    edit(replace(NEW, voice="North River, at {org}."), Place("V-GREET", "en", "North River"))

    assert greeting(db, "North River") == "North River, at {org}."
    assert greeting(db, "Est") == greeting(db) == NEW.voice
    assert greeting(db, "North River", "xx") == "Olleh. Siht si {org}."


def test_a_text_borrows_the_voice_as_it_is_now_and_says_which_edition_was_heard(
    db: Database, edit: Callable[..., int]
) -> None:
    edit(
        Forms(voice="How are you and {mentor}?", labels=("Well", "Not well")),
        Place("V-ASK", "en", ""),
    )
    with db.transaction() as session:
        wording = catalog_for(session, None).wording("T-ASK")
        (row,) = session.scalars(select(WordingEdition))

    assert wording.voice == wording.short == "How are you and {mentor}?"
    assert [option.label for option in wording.options] == ["Well", "Not well"]
    assert wording.options[1].words == ("bad", "not so well", "not well")
    assert (wording.version, wording.edition, wording.spoken_edition) == (3, None, row.id)


def test_the_second_of_two_is_told_and_overwrites_nothing(
    db: Database, clock: ManualClock, edit: Callable[..., int]
) -> None:
    edit(NEW, live=False)
    with db.transaction() as session, pytest.raises(ProgrammeError, match="Cleo saved version 1"):
        save_draft(
            session,
            GREET,
            Forms(voice="Mine, at {org}."),
            seen=0,
            note="mine",
            actor="staff:Dan",
            now=clock.now(),
        )
    assert len(states(db)) == 1


def test_the_same_sent_twice_is_kept_once(db: Database, clock: ManualClock) -> None:
    for _ in range(2):
        with db.transaction() as session:
            save_draft(session, GREET, NEW, seen=0, note="why", actor=CLEO, now=clock.now())
    assert states(db) == [EditionState.DRAFT]


def test_what_breaks_a_rule_is_neither_drafted_nor_put_live(
    db: Database, clock: ManualClock, edit: Callable[..., int]
) -> None:
    with db.transaction() as session, pytest.raises(ProgrammeError, match="Spoken: Put"):
        save_draft(session, GREET, Forms(voice="Hi."), seen=0, note="", actor=CLEO, now=clock.now())
    edit(NEW, live=False)
    with db.transaction() as session:
        (row,) = editions_of(session, GREET)
        row.voice = "Hello."
    with db.transaction() as session, pytest.raises(ProgrammeError, match="Spoken: Put"):
        put_live(session, GREET, 1, actor=CLEO, now=clock.now())


def test_what_is_said_without_a_database_is_not_edited(db: Database, clock: ManualClock) -> None:
    with db.transaction() as session, pytest.raises(ProgrammeError, match="comes with the program"):
        save_draft(
            session,
            Place("V-SORRY", "en", ""),
            Forms(voice="Oh."),
            seen=0,
            note="",
            actor=CLEO,
            now=clock.now(),
        )


def test_only_a_draft_goes_live_and_only_what_was_live_comes_back(
    db: Database, clock: ManualClock, edit: Callable[..., int]
) -> None:
    edit(NEW, live=False)
    edit(replace(NEW, voice="Welcome to {org}."))
    with db.transaction() as session:
        for version in (1, 2, 3):
            with pytest.raises(ProgrammeError, match="is no draft any more"):
                put_live(session, GREET, version, actor=CLEO, now=clock.now())
        with pytest.raises(ProgrammeError, match="Version 1 was never live"):
            back(session, 1, 2, clock)
        with pytest.raises(ProgrammeError, match="Version 2 is live already"):
            back(session, 2, 2, clock)
        with pytest.raises(ProgrammeError, match="Another version is live by now"):
            back(session, 0, 1, clock)


def test_the_database_allows_one_live_edition_and_one_draft(
    db: Database, edit: Callable[..., int]
) -> None:
    edit(NEW)
    edit(NEW, live=False)
    for state in (EditionState.LIVE, EditionState.DRAFT):
        with db.transaction() as session:
            row = editions_of(session, GREET)[0]
            copy = {
                each.key: getattr(row, each.key)
                for each in WordingEdition.__table__.columns
                if each.key != "id"
            }
            second = insert(WordingEdition).values({**copy, "version": 9, "state": state})
            with pytest.raises(IntegrityError):
                session.execute(second)
            session.rollback()


def test_a_signature_is_for_these_very_words(
    db: Database, clock: ManualClock, edit: Callable[..., int]
) -> None:
    place = Place("V-GREET", "xx", "")
    with db.transaction() as session:
        words = forms_at(session, place, 0)
        assert words == forms_of(Catalog.load().wording("V-GREET", "xx"))
        for _ in range(2):
            sign(session, place, 0, fingerprint=words.fingerprint, actor=CLEO, now=clock.now())
        with pytest.raises(ProgrammeError, match="The words have changed since you read them"):
            sign(session, place, 0, fingerprint="x", actor=CLEO, now=clock.now())
        (row,) = session.scalars(select(Review))
        assert (row.prompt, row.language, row.actor) == ("V-GREET", "xx", CLEO)


def test_an_edition_that_a_new_release_does_not_fit_is_left_out(
    db: Database, edit: Callable[..., int]
) -> None:
    shipped = greeting(db)
    edit(NEW)
    with db.transaction() as session:
        (row,) = editions_of(session, GREET)
        row.voice = "You have reached {something new}."
    db.shelf.live = None

    assert greeting(db) == shipped


# -- across processes -----------------------------------------------------------------------------


def another(db: Database) -> Database:
    """Return what a second process has: the same tables, and nothing of the first one's memory."""
    return Database(db.bind, vault=db.vault, programme=db.programme)


def test_another_process_hears_an_edit_in_its_next_transaction(
    real_db: Database, clock: ManualClock
) -> None:
    second = another(real_db)
    shipped = greeting(second)
    with real_db.transaction() as session:
        save_draft(session, GREET, NEW, seen=0, note="", actor=CLEO, now=clock.now())
        put_live(session, GREET, 1, actor=CLEO, now=clock.now())
    assert greeting(second) == greeting(real_db) == NEW.voice
    with second.transaction() as session:
        back(session, 0, 1, clock)
    assert greeting(real_db) == shipped


def test_a_change_that_came_to_nothing_is_never_heard_later(
    real_db: Database, clock: ManualClock
) -> None:
    shipped = greeting(real_db)

    def fail_after_a_change(session: Session) -> None:
        save_draft(session, GREET, NEW, seen=0, note="", actor=CLEO, now=clock.now())
        put_live(session, GREET, 1, actor=CLEO, now=clock.now())
        assert live_wordings(session).catalog("").wording("V-GREET").voice == NEW.voice
        raise RuntimeError

    with pytest.raises(RuntimeError):
        real_db.run(fail_after_a_change)
    # This process has read what came to nothing, so it is not asked in between.
    assert greeting(another(real_db)) == shipped
    with real_db.transaction() as session:
        other = Forms(voice="Welcome to {org}.")
        save_draft(session, GREET, other, seen=0, note="", actor=CLEO, now=clock.now())
        put_live(session, GREET, 1, actor=CLEO, now=clock.now())
    assert greeting(real_db) == other.voice


def test_of_two_who_save_at_once_one_is_told(real_db: Database, clock: ManualClock) -> None:
    told: list[str] = []

    def save(voice: str) -> None:
        def work(session: Session) -> None:
            forms = Forms(voice=voice)
            save_draft(session, GREET, forms, seen=0, note=voice, actor=CLEO, now=clock.now())

        try:
            real_db.run(work)
            told.append("kept")
        except ProgrammeError as error:
            told.append(str(error)[:20])

    both = [Thread(target=save, args=(f"{word} {{org}}.",)) for word in ("Hello from", "This is")]
    for each in both:
        each.start()
    for each in both:
        each.join()

    assert sorted(told) == ["Cleo saved version 1", "kept"]
    assert len(states(real_db)) == 1
