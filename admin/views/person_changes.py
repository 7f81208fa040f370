"""What staff do about a person: hold them, let them go on, and write down whom not to contact."""

from flask import url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, StringField

from admin.forms import OneOf, Said, ShortEnough, choices, sent
from admin.labels import in_words
from admin.lists import Link
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.queries import person_of
from admin.reasons import ReasonForm, act
from admin.views.quotes import may_be_quoted
from mentoring.do_not_contact import refused_kinds, write_opt_out, write_return
from mentoring.models import OUT, OptOutKind, Person, PersonState
from mentoring.right_numbers import change_number, confirm_number
from mentoring.suspensions import release_person, suspend_person

_KINDS = {OptOutKind.TEXTS: "texts", OptOutKind.CALLS: "automated calls"}
_BOTH = "both"


class OptOutForm(ReasonForm):
    """What somebody wants none of, or wants again."""

    kind = RadioField(
        "What is it about?",
        [
            OneOf([*(kind.value for kind in _KINDS), _BOTH], "Choose what they want none of."),
        ],
        choices=choices(
            [*((kind.value, words) for kind, words in _KINDS.items()), (_BOTH, "both")]
        ),
        validate_choice=False,
    )


class ReturnForm(ReasonForm):
    """What somebody wants again."""

    kind = RadioField(
        "What do they want again?",
        [OneOf([kind.value for kind in _KINDS], "Choose what they want again.")],
        choices=choices((kind.value, words) for kind, words in _KINDS.items()),
        validate_choice=False,
    )


class _NumberField(StringField):
    """A number that is typed anew where it was refused: it is shown on no page, not even here."""

    def _value(self) -> str:
        return ""


class NumberForm(ReasonForm):
    """The right number of somebody."""

    number = _NumberField(
        "Their own phone number",
        [Said("Enter the number."), ShortEnough(40)],
        description="With its area code, like 515 555 0199.",
    )


def add_to(pages: Pages) -> None:
    """Add the addresses at which something is done about a person."""
    for name, needs, view in (
        ("suspend", Permission.WORK, suspend),
        ("release", Permission.RELEASE, release_one),
        ("do-not-contact", Permission.WORK, do_not_contact),
        ("contact-again", Permission.WORK, contact_again),
        ("new-number", Permission.WORK, new_number),
        ("right-number", Permission.WORK, right_number),
    ):
        pages.get(f"/people/<code>/{name}", needs, view)
        pages.post(f"/people/<code>/{name}", needs, view)


def person_actions(visit: Visit, person: Person) -> list[Link]:
    """Return what their state and the visitor's role allow."""
    works, refused = visit.may(Permission.WORK), refused_kinds(person)
    is_held = person.state is PersonState.SUSPENDED
    allowed = {
        "edit_person": ("Change what is written down", works),
        "do_not_contact": ("Do not contact", works and len(refused) < len(OptOutKind)),
        "contact_again": ("They want contact again", works and bool(refused)),
        "new_number": ("Change the number", works),
        "right_number": (
            "The number is right after all",
            works and person.phone.unusable_at is not None,
        ),
        "new_quote": ("Write down a quote", works and may_be_quoted(person)),
        "suspend": ("Suspend", works and person.state not in OUT),
        "release_one": ("Lift the suspension", is_held and visit.may(Permission.RELEASE)),
    }
    return [
        Link(words, url_for(f"desk.{name}", code=person.code))
        for name, (words, holds) in allowed.items()
        if holds
    ]


def suspend(visit: Visit, code: str) -> ResponseReturnValue:
    """Suspend somebody: nothing passes to or from them."""
    person, form = person_of(visit, code), sent(ReasonForm)
    return act(
        visit,
        form,
        lambda why: suspend_person(
            visit.session,
            person,
            actor=visit.actor,
            reason=why,
            now=visit.now,
        ),
        back=_page_of(person),
        title=f"Suspend {person.shown_name}",
        words="From now on nobody reaches them through us and they reach nobody, and a talk that"
        " goes on ends within a minute. Call them, and decide within five working days. A lead"
        f" can lift it. {_stands(person)}",
        button="Suspend them",
        done=f"{person.shown_name} is suspended. A task asks for the decision.",
    )


def release_one(visit: Visit, code: str) -> ResponseReturnValue:
    """Let somebody go on where they were before they were suspended."""
    person, form = person_of(visit, code), sent(ReasonForm)
    return act(
        visit,
        form,
        lambda why: release_person(
            visit.session,
            person,
            actor=visit.actor,
            reason=why,
            now=visit.now,
        ),
        back=_page_of(person),
        title=f"Lift the suspension of {person.shown_name}",
        words=f"They go on where they were before, with their matches. {_stands(person)}",
        button="Lift it",
        done=f"{person.shown_name} goes on where they were.",
    )


def do_not_contact(visit: Visit, code: str) -> ResponseReturnValue:
    """Write down that somebody wants no texts, no automated calls, or neither."""
    person, form = person_of(visit, code), sent(OptOutForm)
    return act(
        visit,
        form,
        lambda why: write_opt_out(
            visit.session,
            person,
            list(_KINDS) if form.kind.data == _BOTH else [OptOutKind(str(form.kind.data))],
            actor=visit.actor,
            reason=why,
            now=visit.now,
        ),
        back=_page_of(person),
        title=f"Do not contact {person.shown_name}",
        words="It counts for their phone and all our lines, whoever else answers it. One text may"
        " confirm it. Whoever they are matched with can still call them: to stop that as well,"
        f" hold the match. {_stands(person)}",
        button="Write it down",
        done="It is written down, and counts from now on.",
    )


def contact_again(visit: Visit, code: str) -> ResponseReturnValue:
    """Write down that somebody wants texts or automated calls again."""
    person, form = person_of(visit, code), sent(ReturnForm)
    none_of = " and ".join(_KINDS[kind] for kind in refused_kinds(person)) or "nothing"
    return act(
        visit,
        form,
        lambda why: write_return(
            visit.session,
            person,
            OptOutKind(str(form.kind.data)),
            actor=visit.actor,
            reason=why,
            now=visit.now,
        ),
        back=_page_of(person),
        title=f"Contact {person.shown_name} again",
        words=f"They have opted out of {none_of}. Lift that only when they have asked for it"
        f" themselves, and say under Why how and when they did. {_stands(person)}",
        button="Lift it",
        done="It is lifted. What they have agreed to counts again.",
    )


def new_number(visit: Visit, code: str) -> ResponseReturnValue:
    """Write down the right number of somebody."""
    person, form = person_of(visit, code), sent(NumberForm)
    return act(
        visit,
        form,
        lambda why: change_number(
            visit.session,
            person,
            str(form.number.data),
            actor=visit.actor,
            reason=why,
            now=visit.now,
        ),
        back=_page_of(person),
        title=f"Change the number of {person.shown_name}",
        words="From now on we call and text them there, and only from there they reach whoever they"
        " are matched with. What they agreed to, and what they want none of, goes along. Take the"
        f" number from nobody but them. {_stands(person)}",
        button="Change it",
        done="The new number is written down, and all goes on there.",
    )


def right_number(visit: Visit, code: str) -> ResponseReturnValue:
    """Use a number again that was out of use, or that somebody said is a wrong one."""
    person, form = person_of(visit, code), sent(ReasonForm)
    return act(
        visit,
        form,
        lambda why: confirm_number(
            visit.session, person, actor=visit.actor, reason=why, now=visit.now
        ),
        back=_page_of(person),
        title=f"The number of {person.shown_name} is right",
        words="Nothing goes to that phone now. Once you send this, calls and texts go there again,"
        " with names and all. Do it only when you have talked with them there. "
        f"{_stands(person)}",
        button="Use it again",
        done="The number is in use again.",
    )


def _stands(person: Person) -> str:
    return f"{person.code} is {in_words(person.state.value)}."


def _page_of(person: Person) -> str:
    return url_for("desk.show_person", code=person.code)
