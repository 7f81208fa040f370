"""What is filled in on each page of the set-up, and how it becomes facts of the programme."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from wtforms import Form, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import Field
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from admin.forms import Said, ShortEnough, choices
from admin.labels import language_name
from mentoring.clock import zone_named
from mentoring.editions.measures import WIDTHS
from mentoring.flows.catalog import FALLBACK, Catalog
from mentoring.going_live import Part
from mentoring.programme import Programme
from mentoring.working_days import is_country

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_NUMBER = re.compile(r"[0-9][0-9 ]{1,18}")
_LONGEST = 500


class _Fits:
    """Refuses what a test does not let pass, with a sentence; an empty field is left to others."""

    def __init__(self, fits: Callable[[str], object], sentence: str) -> None:
        self._fits, self._sentence = fits, sentence

    def __call__(self, _form: Form, field: Field) -> None:
        said = str(field.data or "").strip()
        if said and not self._fits(said):
            raise ValidationError(self._sentence)


def _hour(label: str, description: str) -> StringField:
    return StringField(
        label,
        [
            Said("Enter a time such as 09:00."),
            _Fits(_TIME.fullmatch, "Enter a time such as 09:00, with two digits each."),
        ],
        description=description,
    )


class PurposeForm(Form):
    """What the programme is called and what it is for."""

    org_name = StringField(
        "Name of the programme",
        [Said("Enter the name of the programme."), ShortEnough(30)],
        description="It is spoken in every greeting. Above 10 letters some texts cost more.",
    )
    staff_name = StringField(
        "Who calls back",
        [Said("Enter who calls back."), ShortEnough(30)],
        description="As people hear it: a first name, or Our staff.",
    )
    purpose = TextAreaField(
        "What is it for?",
        [ShortEnough(_LONGEST)],
        description="One or two sentences: whom you help, to do what.",
    )


class EligibilityForm(Form):
    """Who may take part."""

    place = TextAreaField(
        "Where must people live?",
        [ShortEnough(_LONGEST)],
        description="Such as: Polk County, Iowa, and the counties around it.",
    )
    businesses = TextAreaField(
        "Which businesses is it for?",
        [ShortEnough(_LONGEST)],
        description="Such as: any lawful business of one to five people, or the idea of one.",
    )


class HoursForm(Form):
    """When people are called and texted, and by whose holidays."""

    country = StringField(
        "Country of the office",
        [
            Said("Enter the country as two letters."),
            _Fits(lambda said: is_country(said.upper()), "Enter two letters, such as US or CA."),
        ],
        description="Two letters. On its public holidays nobody is asked anything.",
    )
    office_zone = StringField(
        "Time zone of the office",
        [
            Said("Enter the time zone of the office."),
            _Fits(zone_named, "Enter a zone such as America/Chicago."),
        ],
        description="Such as America/Chicago. Participants are asked for their own.",
    )
    calling_from = _hour("Call and text from", "On the clock of the person who would be disturbed.")
    calling_until = _hour("Call and text until", "Later texts wait until the morning.")
    check_in_from = _hour("Ask questions from", "Check-ins and surveys, on working days.")
    check_in_until = _hour("Ask questions until", "Within the hours above.")


class LanguagesForm(Form):
    """In which languages it is offered."""

    languages = SelectMultipleField(
        "Languages",
        description="Those that have wordings. Another one comes with wordings of its own.",
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )

    def validate_languages(self, field: Field) -> None:
        """Refuse no language, and one without wordings."""
        if not field.data or not set(field.data) <= set(Catalog.load().languages):
            raise ValidationError("Choose at least one of the languages.")
        if FALLBACK not in field.data:
            raise ValidationError("Choose English, too: it is spoken where nobody has chosen.")


def crisis_form(programme: Programme) -> type[Form]:
    """Return the form with two fields for each country whose people may call."""
    digits = _Fits(_NUMBER.fullmatch, "Enter digits, such as 911.")
    fields = {}
    for country in programme.countries:
        fields[f"{country}_emergency"] = StringField(
            f"{country}: emergency number",
            [digits, ShortEnough(WIDTHS["emergency"])],
            description="Help at once, such as 911.",
        )
        fields[f"{country}_crisis_line"] = StringField(
            f"{country}: crisis line",
            [digits, ShortEnough(WIDTHS["crisis"])],
            description="Somebody to talk to, day and night, such as 988. Our texts say that it can"
            " be called and texted: where it can only be called, change T-X1, T-X2 and T-N2.",
        )
    return type("CrisisForm", (Form,), fields)


class LineForm(Form):
    """A number of ours."""

    number = StringField(
        "Number",
        [Said("Enter the number that you bought."), ShortEnough(30)],
        description="As you bought it at the carrier, for calls and texts.",
    )


class OnCallForm(Form):
    """Somebody who is rung when a caller asks for a person."""

    name = StringField("Name", [Said("Enter their name."), ShortEnough(40)])
    number = StringField(
        "Phone",
        [Said("Enter their phone number."), ShortEnough(30)],
        description="It is kept sealed, and shown to nobody.",
    )


@dataclass(frozen=True)
class Page:
    """One page of the set-up that has a form: what it asks, and what it answers become."""

    part: Part
    title: str
    form: Callable[[Programme], type[Form]]
    facts: Callable[[Form], Mapping[str, Any]]
    shown: Callable[[Programme], Mapping[str, Any]]
    lead: str = ""


def _plain(form: Form) -> Mapping[str, Any]:
    return {field.name: str(field.data or "").strip() for field in form}


def _of_hours(form: Form) -> Mapping[str, Any]:
    said = _plain(form)
    return {**said, "country": said["country"].upper()}


def _of_crisis(form: Form) -> Mapping[str, Any]:
    said = _plain(form)
    countries = [name.partition("_")[0] for name in said if name.endswith("_emergency")]
    return {
        "crisis_numbers": {
            each: [said[f"{each}_emergency"], said[f"{each}_crisis_line"]] for each in countries
        }
    }


def _crisis_shown(programme: Programme) -> Mapping[str, Any]:
    known = programme.crisis_numbers
    return {
        f"{country}_{name}": getattr(known[country], name) if country in known else ""
        for country in programme.countries
        for name in ("emergency", "crisis_line")
    }


def _always(kind: type[Form]) -> Callable[[Programme], type[Form]]:
    return lambda _programme: kind


def _shown_of(kind: type[Form]) -> Callable[[Programme], Mapping[str, Any]]:
    def shown(programme: Programme) -> Mapping[str, Any]:
        values = {field.name: getattr(programme, field.name) for field in kind()}
        return {
            name: f"{value:%H:%M}" if isinstance(value, time) else value
            for name, value in values.items()
        }

    return shown


def language_choices() -> list[Any]:
    """Return the languages that have wordings, by their names."""
    return choices((code, language_name(code)) for code in sorted(Catalog.load().languages))


PAGES = {
    page.part: page
    for page in (
        Page(Part.PURPOSE, "What it is for", _always(PurposeForm), _plain, _shown_of(PurposeForm)),
        Page(
            Part.ELIGIBILITY,
            "Who may take part",
            _always(EligibilityForm),
            _plain,
            _shown_of(EligibilityForm),
            "People must be 18 or older. The conversation about consent asks that, always.",
        ),
        Page(Part.HOURS, "Hours and country", _always(HoursForm), _of_hours, _shown_of(HoursForm)),
        Page(
            Part.CRISIS,
            "Numbers in a crisis",
            crisis_form,
            _of_crisis,
            _crisis_shown,
            "Somebody in danger is told these numbers. Call each of them before you go on.",
        ),
        Page(
            Part.LANGUAGES,
            "Languages",
            _always(LanguagesForm),
            lambda form: {"languages": sorted(form.languages.data)},  # type: ignore[attr-defined]
            lambda programme: {"languages": list(programme.languages)},
        ),
    )
}
TITLES = {
    **{part: page.title for part, page in PAGES.items()},
    Part.LINES: "Our numbers",
    Part.STAFF: "Staff on call",
}
