"""How staff change the wording: draft, put live, roll back, sign. Nothing that was said is lost.

All of these are done one after the other: each first takes the row of the stamp, which the next one
waits for. So what is looked up afterwards is what counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Select, select, update

from mentoring.audit import write_audit
from mentoring.db import Session
from mentoring.editions.current import STAMP_ROW, forget_wordings, forms_of_row
from mentoring.editions.forms import Forms, forms_of
from mentoring.editions.rules import FIXED, faults_of, name_of, shipped_of
from mentoring.errors import ProgrammeError
from mentoring.flows.catalog import Catalog
from mentoring.models import (
    EditionState,
    Transition,
    WordingEdition,
    WordingReview,
    WordingStamp,
)
from mentoring.rows import insert_row

# What came with the programme counts as the version before the first one.
SHIPPED = 0


@dataclass(frozen=True)
class Place:
    """Where an edition counts: a prompt in a language, for a community or (empty) for all."""

    prompt: str
    language: str
    community: str

    def __str__(self) -> str:
        """Return the place as it stands in the logs."""
        return " ".join(part for part in (self.prompt, self.language, self.community) if part)


def editions_of(session: Session, place: Place) -> Sequence[WordingEdition]:
    """Return every edition of a place, the newest first."""
    return session.scalars(_of(place).order_by(WordingEdition.version.desc())).all()


def _of(place: Place) -> Select[WordingEdition]:
    """Return the look-up of a place, as it is now and not as it was read before."""
    return (
        select(WordingEdition)
        .where(
            WordingEdition.prompt == place.prompt,
            WordingEdition.language == place.language,
            WordingEdition.community == place.community,
        )
        .execution_options(populate_existing=True)
    )


def version_of(editions: Sequence[WordingEdition], state: EditionState) -> int:
    """Return the version that is live, or the draft, among the editions of a place; 0 for none."""
    return next((each.version for each in editions if each.state is state), SHIPPED)


def save_draft(
    session: Session,
    place: Place,
    forms: Forms,
    *,
    seen: int,
    note: str,
    actor: str,
    now: datetime,
) -> WordingEdition:
    """Keep an edit as a new version, which nobody hears yet. An earlier draft is replaced by it.

    `seen` is the newest version that its writer knew. Raises ProgrammeError where somebody saved
    another one meanwhile, and where the words break a rule. The same sent twice is kept once.
    """
    _take_turn(session)
    newest = next(iter(editions_of(session, place)), None)
    if newest is not None and newest.version == seen + 1 and _is_same(newest, forms, note, actor):
        return newest
    if (newest.version if newest is not None else SHIPPED) != seen:
        raise ProgrammeError(_overtaken(newest))
    refuse_unsound(place, forms)
    if newest is not None and newest.state is EditionState.DRAFT:
        _move(session, newest, EditionState.REPLACED, actor=actor, reason="a later draft", now=now)
    edition = WordingEdition(
        prompt=place.prompt,
        language=place.language,
        community=place.community,
        version=seen + 1,
        **forms.by_name(),
        labels=list(forms.labels),
        state=EditionState.DRAFT,
        note=note,
        actor=actor,
        at=now,
    )
    session.add(edition)
    session.flush()
    _log(session, edition, None, EditionState.DRAFT, actor=actor, reason=note, now=now)
    _audit(session, "drafted wording", place, edition.version, actor=actor, reason=note, now=now)
    return edition


def _is_same(newest: WordingEdition, forms: Forms, note: str, actor: str) -> bool:
    return forms_of_row(newest) == forms and (newest.note, newest.actor) == (note, actor)


def _overtaken(newest: WordingEdition | None) -> str:
    if newest is None:
        return "This was opened at a version that is not there. Open it again."
    who = newest.actor.removeprefix("staff:")
    return (
        f"{who} saved version {newest.version} while you were writing. It stands below, and"
        " nothing of it is lost. Compare the two, then save yours as the version after it."
    )


def refuse_fixed(prompt: str) -> None:
    """Refuse to change what must be there when nothing can be looked up."""
    if prompt in FIXED:
        raise ProgrammeError(
            f"{prompt} is said when nothing can be looked up. It comes with the programme."
        )


def refuse_unsound(place: Place, forms: Forms) -> None:
    """Refuse what breaks a rule, with the first fault in a sentence."""
    refuse_fixed(place.prompt)
    for fault in faults_of(shipped_of(Catalog.load(), place.prompt, place.language), forms):
        raise ProgrammeError(f"{name_of(fault.form)}: {fault.words}")


def put_live(
    session: Session,
    place: Place,
    version: int,
    *,
    actor: str,
    now: datetime,
    seen: int | None = None,
) -> WordingEdition:
    """Let a draft be what the next call and the next text say.

    `seen` is the version that was live when its words were compared with the draft. Raises
    ProgrammeError where another one is by now, it is no draft any more, or it breaks a rule.
    """
    _take_turn(session)
    editions = editions_of(session, place)
    draft = next((each for each in editions if each.version == version), None)
    if draft is None or draft.state is not EditionState.DRAFT:
        raise ProgrammeError(
            f"Version {version} is no draft any more. Look at what was changed meanwhile."
        )
    if seen is not None:
        _refuse_overtaken(editions, seen)
    refuse_unsound(place, forms_of_row(draft))
    for each in editions:
        if each.state is EditionState.LIVE:
            reason = f"version {version}"
            _move(session, each, EditionState.REPLACED, actor=actor, reason=reason, now=now)
    draft.live_at = now
    _move(session, draft, EditionState.LIVE, actor=actor, reason=draft.note, now=now)
    _audit(session, "put wording live", place, version, actor=actor, reason=draft.note, now=now)
    forget_wordings(session)
    return draft


def roll_back(
    session: Session,
    place: Place,
    version: int,
    *,
    seen: int,
    reason: str,
    actor: str,
    now: datetime,
) -> None:
    """Go back to a version that was live before; 0 is what came with the programme.

    `seen` is the version that was live when it was asked for. Raises ProgrammeError where another
    one is live by now, and for a version that may not be said.
    """
    _take_turn(session)
    editions = editions_of(session, place)
    live = next((each for each in editions if each.state is EditionState.LIVE), None)
    _refuse_overtaken(editions, seen)
    if version == seen:
        raise ProgrammeError(f"{words_for(version)} is live already.")
    earlier = next((each for each in editions if each.version == version), None)
    if version != SHIPPED and (earlier is None or earlier.live_at is None):
        raise ProgrammeError(f"Version {version} was never live.")
    if earlier is not None:
        refuse_unsound(place, forms_of_row(earlier))
    if live is not None:
        _move(session, live, EditionState.ROLLED_BACK, actor=actor, reason=reason, now=now)
    if earlier is not None:
        _move(session, earlier, EditionState.LIVE, actor=actor, reason=reason, now=now)
    _audit(session, "rolled wording back", place, version, actor=actor, reason=reason, now=now)
    forget_wordings(session)


def _refuse_overtaken(editions: Sequence[WordingEdition], seen: int) -> None:
    """Refuse to change what is said where it is no more what somebody saw."""
    if version_of(editions, EditionState.LIVE) != seen:
        raise ProgrammeError("Another version is live by now. Look at it before you change it.")


def words_for(version: int) -> str:
    """Return a version as staff read it."""
    return "The shipped wording" if version == SHIPPED else f"Version {version}"


def sign(
    session: Session, place: Place, version: int, *, fingerprint: str, actor: str, now: datetime
) -> str:
    """Write down that somebody who knows the language has read a version and stands for it.

    `fingerprint` is that of the words that they were shown. Raises ProgrammeError for other words.
    Returns who stands for it: one is enough, and the first one counts.
    """
    forms = forms_at(session, place, version)
    if forms is None or forms.fingerprint != fingerprint:
        raise ProgrammeError("The words have changed since you read them. Read them again.")
    row = {
        "prompt": place.prompt,
        "language": place.language,
        "fingerprint": fingerprint,
        "actor": actor,
        "at": now,
    }
    if insert_row(session, WordingReview, row, "prompt", "language", "fingerprint") is not None:
        _audit(session, "signed wording", place, version, actor=actor, reason="", now=now)
        return actor
    signed = select(WordingReview.actor).where(
        WordingReview.prompt == place.prompt,
        WordingReview.language == place.language,
        WordingReview.fingerprint == fingerprint,
    )
    return session.scalars(signed).one()


def forms_at(session: Session, place: Place, version: int) -> Forms | None:
    """Return the sentences of a version, or None for one that is not there."""
    if version == SHIPPED:
        return forms_of(Catalog.load().wording(place.prompt, place.language))
    row = session.scalar(_of(place).where(WordingEdition.version == version))
    return forms_of_row(row) if row is not None else None


def _take_turn(session: Session) -> None:
    """Wait for whoever changes the wording now, and let every process notice that it changes."""
    stamp = uuid4().hex
    insert_row(session, WordingStamp, {"id": STAMP_ROW, "stamp": stamp}, "id")
    session.wire.execute(
        update(WordingStamp).where(WordingStamp.id == STAMP_ROW).values(stamp=stamp)
    )


def _move(
    session: Session,
    edition: WordingEdition,
    to: EditionState,
    *,
    actor: str,
    reason: str,
    now: datetime,
) -> None:
    """Change the state of an edition at once: the database allows one live and one draft."""
    before, edition.state = edition.state, to
    session.flush()
    _log(session, edition, before, to, actor=actor, reason=reason, now=now)


def _log(
    session: Session,
    edition: WordingEdition,
    before: EditionState | None,
    to: EditionState,
    *,
    actor: str,
    reason: str,
    now: datetime,
) -> None:
    session.add(
        Transition(
            entity="wording",
            entity_id=edition.id,
            from_state=before.value if before else None,
            to_state=to.value,
            actor=actor,
            reason=reason,
            at=now,
        )
    )


def _audit(
    session: Session,
    action: str,
    place: Place,
    version: int,
    *,
    actor: str,
    reason: str,
    now: datetime,
) -> None:
    write_audit(
        session,
        actor=actor,
        action=action,
        entity="wording",
        entity_id=f"{place}, version {version}",
        reason=reason,
        now=now,
    )
