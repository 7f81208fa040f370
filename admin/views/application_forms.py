"""What staff fill in about an application."""

from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DateField, Form, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, ValidationError

from admin.forms import OneOf, Said, ShortEnough, choices, lock, refuse_stale
from admin.labels import OWN_LINE_HINT, OWN_LINE_LABEL, in_words, options
from admin.office import Visit
from mentoring.applications.checklist import File, file_of
from mentoring.applications.screening import note_talk, untick
from mentoring.applications.talk import TALK_ANSWERS
from mentoring.applications.training import LONGEST_TALK
from mentoring.models import DecisionOutcome, DecisionReason, How, Person, Verdict


def _one_of(label: str, values: list[str], sentence: str) -> SelectField:
    pairs = [(value, in_words(value)) for value in values]
    return SelectField(
        label,
        [OneOf(values, sentence)],
        choices=choices(pairs, first="choose"),
        validate_choice=False,
    )


def _if_known(label: str, key: str) -> SelectField:
    values = list(TALK_ANSWERS[key])
    return SelectField(
        label,
        # A question that is not put to this role is not sent at all.
        [OneOf(["", None, *values], "Choose one of the answers.")],
        choices=choices([(value, in_words(value)) for value in values], first="not told"),
        validate_choice=False,
    )


def as_minutes(_form: Form, field: StringField) -> None:
    """Refuse what is no whole number of minutes; nothing is fine, for it may not be known."""
    told = str(field.data or "").strip()
    is_number = told.isascii() and told.isdecimal() and len(told) <= len(str(LONGEST_TALK))
    if told and not (is_number and 1 <= int(told) <= LONGEST_TALK):
        raise ValidationError(
            f"Enter whole minutes from 1 to {LONGEST_TALK}, such as 25{_or_nothing(field)}."
        )


def _or_nothing(field: StringField) -> str:
    is_needed = any(isinstance(each, Said) for each in field.validators)
    return "" if is_needed else ", or leave it empty"


class DayField(DateField):
    """A day. What is none is refused in words of ours, and an empty field is for `Said` to see."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the day that was typed."""
        if not any(valuelist):
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Enter a day, such as 2026-03-02.") from None


class CheckForm(Form):
    """Something on the checklist is done."""

    item = StringField("What was done?", [Said("Choose what was done.")], id="tick-item")
    held_on = DayField("On which day?", [Said("Enter the day.")], description="Such as 2026-03-02.")
    how = _one_of("How?", [value for value, _ in options(How)], "Choose how it was held.")
    minutes = StringField(
        "How many minutes did it take?",
        [as_minutes],
        description="If you know it. The orientation talk of a mentor counts as training.",
    )
    notes = StringField("Notes", [ShortEnough(1000)])

    @property
    def length(self) -> int | None:
        """How many minutes it took, where that was told."""
        told = str(self.minutes.data or "").strip()
        return int(told) if told else None


class UntickForm(Form):
    """A tick was a slip."""

    item = StringField("Which tick?", [Said("Choose which tick.")], id="untick-item")
    reason = StringField(
        "Why is it taken back?",
        [Said("Say why. It is kept in the audit log."), ShortEnough()],
        id="untick-reason",
    )


class TalkForm(Form):
    """What somebody told in the screening talk."""

    motive = _if_known("What draws them?", "motive")
    advice = _if_known("How do they like advice?", "advice")
    planning = _if_known("Plan first, or try first?", "planning")
    pace = _if_known("Chatty, or to the point?", "pace")
    described = _if_known("May those who wait hear of them in a sentence?", "described")
    own_line = StringField(OWN_LINE_LABEL, description=OWN_LINE_HINT)


class ReferenceForm(Form):
    """Somebody who knows a mentor."""

    name = StringField("First name", [Said("Enter the first name.")])
    number = StringField(
        "Phone number", [Said("Enter the number.")], description="Such as 515 555 0199."
    )
    agreed = StringField(
        "How did they agree to be asked?",
        [
            Said("Say how they agreed to be asked. Without their yes nobody is asked."),
            ShortEnough(),
        ],
    )


class OfReference(Form):
    """A form that a page holds once for each reference, so its number tells the fields apart."""

    def __init__(self, given: MultiDict[str, str] | None = None, *, number: int) -> None:
        super().__init__(given)
        self.number = number
        for field in self:
            field.id = f"{field.id}-{number}"


class TextReferenceForm(OfReference):
    """Somebody who knows a mentor agreed to be asked by text. Unless this is said, nobody is."""

    by_text = BooleanField(
        "They agreed to be asked by text",
        [InputRequired("Tick that they agreed to be asked by text. Without it, call them.")],
    )
    told_by = StringField(
        "Who told you, and when?",
        [
            Said("Say who told you that they agreed to be asked by text, and when."),
            ShortEnough(150),
        ],
    )
    zone = StringField(
        "Their time zone",
        [Said("Enter their time zone, such as America/Chicago: we text by day only.")],
        description="Such as America/Chicago. Ask, do not guess.",
    )


class AnswerForm(OfReference):
    """What a reference told."""

    verdict = _one_of(
        "What do they say?", [value for value, _ in options(Verdict)], "Choose what they say."
    )
    told = StringField("In their words", [ShortEnough(1000)])


class DecisionForm(Form):
    """What is decided, and why; `sure` comes along once somebody was asked and said yes."""

    outcome = _one_of(
        "Decision", [value for value, _ in options(DecisionOutcome)], "Choose the decision."
    )
    because = _one_of("Reason", [value for value, _ in options(DecisionReason)], "Choose a reason.")
    why = StringField(
        "In your own words",
        [ShortEnough(1000)],
        description="Needed unless they are eligible: why, and where they may find help.",
    )
    sure = HiddenField()


def told_of(person: Person) -> list[str | None]:
    """Return what somebody told in the talk, in the order of its questions."""
    return [person.profile.get(key) for key in TALK_ANSWERS]


def keep_told(visit: Visit, person: Person, told: dict[str, str]) -> None:
    """Keep what somebody told, unless somebody else has written it down since the page was made."""
    lock(visit, person, "profile")
    if any(person.profile.get(key) != value for key, value in told.items()):
        refuse_stale(told_of(person))
    note_talk(visit.session, person, told, actor=visit.actor, now=visit.now)


def ticks_of(file: File) -> list[str]:
    """Return which ticks are on file: one that was taken back and set again is another one."""
    return sorted(str(check.key) for check in file.checks.values())


def take_tick_back(visit: Visit, person: Person, item: str, *, reason: str) -> None:
    """Take back a tick that was a slip, unless it is another one than the page showed."""
    # No tick is set or taken back while its person is held.
    lock(visit, person, "state")
    file = file_of(visit.session, person)
    if item in file.checks:
        refuse_stale(ticks_of(file))
    untick(visit.session, person, item, reason=reason, actor=visit.actor, now=visit.now)
