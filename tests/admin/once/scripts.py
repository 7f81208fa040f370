"""The main tasks about people and matches by keyboard alone, as docs/coordinators.md tells them."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from mentoring.models import ClosureReason
from mentoring.tasks import open_task
from tests.admin.conftest import PASSWORD
from tests.admin.once.keyboard import Keys
from tests.admin.test_alerts import alert_about
from tests.admin.test_applications import applicant
from tests.admin.test_scope import match_of
from tests.admin.test_spoken import recorded, texted
from tests.window import EMAIL, Window

Script = Callable[[Window, Keys], None]
SCRIPTS: dict[str, Script] = {}


def script(task: str) -> Callable[[Script], Script]:
    """Name the task of a script, as the table of the docs names it."""

    def add(played: Script) -> Script:
        SCRIPTS[task] = played
        return played

    return add


@script("Sign in")
def signs_in(window: Window, keys: Keys) -> None:
    window.site.wall_clock.advance(30)
    window.page.context.clear_cookies()
    window.opens("/desk/sign-in")
    keys.into_the_page()
    keys.enters("E-mail address", EMAIL)
    keys.goes_to("textbox", "Password")
    keys.types(PASSWORD)
    keys.presses("Enter")
    keys.is_on("Your code")
    # The page asks for nothing else, so that is where the focus is.
    expect(window.page.get_by_label("Code", exact=True)).to_be_focused()
    keys.types(window.site.code(EMAIL))
    keys.presses("Enter")
    keys.is_on("Today")


@script("Find somebody and open their page")
def finds_somebody(window: Window, keys: Keys) -> None:
    window.opens("/desk/")
    keys.presses("/")
    keys.types("denise")
    keys.presses("Enter")
    keys.is_on("People")
    keys.into_the_page()
    keys.follows("Denise (P05)")
    keys.is_on("Denise P05")


@script("See a number")
def sees_a_number(window: Window, keys: Keys) -> None:
    window.opens("/desk/people/P05")
    keys.into_the_page()
    keys.follows("Show the number")
    keys.into_the_page()
    keys.enters("Why?", "She asked for a call.")
    keys.presses("Enter")
    keys.is_on("Denise P05")
    keys.hears("The number of Denise is shown below")
    expect(window.page.locator("main")).to_contain_text("Number: 515 555 0135")


@script("Close an alert")
def closes_an_alert(window: Window, keys: Keys) -> None:
    window.opens("/desk/")
    keys.presses("g", "a")
    keys.is_on("Alerts")
    keys.into_the_page()
    keys.follows(re.compile("^P18 opted out"))
    keys.into_the_page()
    keys.chooses("What came of it?", "spoke")
    keys.enters("Anything else to know", "Calls are fine.")
    keys.pushes("Close the alert")
    keys.hears("The alert is closed.")


@script("Give an alert to somebody")
def gives_an_alert(window: Window, keys: Keys) -> None:
    window.opens(f"/desk/alerts/{alert_about(window.site, 'P17 has a worry')}")
    keys.into_the_page()
    keys.chooses("Give it to", "Ben")
    keys.pushes("Give it")
    keys.hears("The alert is with Ben Adler now.")


@script("Call somebody back")
def calls_back(window: Window, keys: Keys) -> None:
    site = window.site
    with site.db.transaction() as session:
        open_task(session, rule="call back", words="Ring P05 back.", key="x", now=site.clock.now())
    window.opens("/desk/")
    keys.presses("g", "k")
    keys.is_on("Tasks")
    keys.into_the_page()
    keys.follows("Ring P05 back.")
    keys.into_the_page()
    keys.enters("What came of it?", "We talked.")
    keys.presses("Enter")
    keys.hears("The task is closed.")


@script("Decide an application")
def decides(window: Window, keys: Keys) -> None:
    code = applicant(window.site)
    window.opens("/desk/applications")
    keys.into_the_page()
    keys.follows(f"Ada ({code})")
    keys.into_the_page()
    keys.opens("Tick what is done")
    keys.chooses("What was done?", "screening talk")
    keys.enters_day("On which day?", "03022026")
    keys.chooses("How?", "call")
    keys.pushes("Tick it")
    keys.hears("It is on file.")
    keys.into_the_page()
    keys.opens("Decide")
    keys.chooses("Decision", "eligible")
    keys.chooses("Reason", "fits")
    keys.pushes("Decide")
    keys.hears("It is decided.")
    keys.is_on(f"Application of Ada {code}")


@script("Refer somebody elsewhere")
def refers(window: Window, keys: Keys) -> None:
    code = applicant(window.site)
    window.opens(f"/desk/applications/{code}")
    keys.into_the_page()
    keys.opens("Decide")
    keys.chooses("Decision", "referred")
    keys.chooses("Reason", "other service")
    keys.enters("In your own words", "A lawyer.")
    keys.pushes("Decide")
    keys.is_on(f"Refer Ada ({code})")
    keys.into_the_page()
    keys.pushes(f"Refer {code}")
    keys.hears("It is decided.")


@script("Pick a mentor and ask")
def proposes(window: Window, keys: Keys) -> None:
    window.opens("/desk/matching")
    keys.into_the_page()
    keys.follows("Tomas (P06)")
    keys.into_the_page()
    keys.follows("Pick Luis")
    keys.into_the_page()
    keys.chooses("Why not whom the plan picks?", "fairness")
    keys.pushes("Ask Tomas")
    keys.hears("P06 is asked in their own hours.")


@script("Withdraw a proposal")
def withdraws(window: Window, keys: Keys) -> None:
    window.opens("/desk/matching")
    keys.into_the_page()
    keys.follows(re.compile(r"^Tomas \(P06\) and Carmen"))
    keys.into_the_page()
    keys.follows("Withdraw it")
    keys.into_the_page()
    keys.enters("Why?", "She is ill.")
    keys.presses("Enter")
    keys.hears("The proposal is withdrawn.")


@script("Let a match rest")
def pauses(window: Window, keys: Keys) -> None:
    code = match_of(window.site, "P05")
    window.opens(f"/desk/matches/{code}")
    keys.into_the_page()
    keys.follows("Let it rest")
    keys.into_the_page()
    keys.goes_to("radio", "Denise")
    keys.presses("Space")
    keys.enters("For how many days?", "14")
    keys.enters("Why?", "She travels.")
    keys.presses("Enter")
    keys.hears(f"{code} rests.")


@script("Close a match")
def closes_a_match(window: Window, keys: Keys) -> None:
    code = match_of(window.site, "P05")
    window.opens("/desk/")
    keys.presses("g", "m")
    keys.is_on("Matches")
    keys.into_the_page()
    keys.follows(code)
    keys.into_the_page()
    keys.follows("Close it now")
    keys.into_the_page()
    keys.chooses("Why does it end?", ClosureReason.OTHER.value)
    keys.pushes("Close it now")
    keys.hears(f"{code} is closed.")


@script("Read the words that opened an alert")
def reads_words(window: Window, keys: Keys) -> None:
    number = alert_about(window.site, "P17 has a worry")
    window.opens(f"/desk/alerts/{number}")
    keys.into_the_page()
    keys.follows("Read the words that opened it")
    keys.into_the_page()
    keys.enters("Why?", "To help him.")
    keys.presses("Enter")
    keys.is_on(f"The words that opened alert {number}")
    expect(window.page.locator("main")).to_contain_text("lui prêter de l'argent")


@script("Take the next step of a worry")
def takes_a_step(window: Window, keys: Keys) -> None:
    window.opens(f"/desk/alerts/{alert_about(window.site, 'P17 has a worry')}")
    keys.into_the_page()
    keys.pushes("This step is taken")
    keys.hears("The step is taken: the first contact.")


@script("Stop all contact in a match")
def stops_contact(window: Window, keys: Keys) -> None:
    code = match_of(window.site, "P05")
    window.opens(f"/desk/matches/{code}")
    keys.into_the_page()
    keys.follows("Stop all contact")
    keys.into_the_page()
    keys.enters("Why?", "They asked.")
    keys.presses("Enter")
    keys.hears(f"{code} is on hold.")
    keys.into_the_page()
    keys.follows("Lift the hold")
    keys.into_the_page()
    keys.enters("Why?", "It is settled.")
    keys.presses("Enter")
    keys.hears(f"{code} stays on hold until somebody else says the same.")


@script("Read a text")
def reads_a_text(window: Window, keys: Keys) -> None:
    number, code = texted(window.site, "See you on Tuesday."), match_of(window.site, "P02")
    window.opens(f"/desk/matches/{code}")
    keys.into_the_page()
    keys.follows(f"Read text {number}")
    keys.into_the_page()
    keys.enters("Why?", "To help them.")
    keys.presses("Enter")
    keys.is_on(f"Text {number} of {code}")
    expect(window.page.locator("blockquote")).to_have_text("See you on Tuesday.")


@script("Hear a voice note and type it")
def types_a_note(window: Window, keys: Keys) -> None:
    note = recorded(window.site)
    window.opens(f"/desk/recordings/{note}")
    keys.into_the_page()
    keys.enters("Why?", "To type it.")
    keys.presses("Enter")
    keys.is_on(f"Recording {note}")
    keys.into_the_page()
    keys.enters("What is said, word for word", "I sewed 3 coats.")
    keys.pushes("Send it as a text")
    keys.hears(f"Recording {note} goes out as a text.")


@script("Change what is written down about somebody")
def changes_somebody(window: Window, keys: Keys) -> None:
    window.opens("/desk/people/M06")
    keys.into_the_page()
    keys.follows("Change what is written down")
    keys.into_the_page()
    keys.enters("First name", "Aminata")
    keys.presses("Enter")
    keys.is_on("Aminata M06")
