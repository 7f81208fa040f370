"""What was typed is not lost when the session has ended meanwhile, and nobody else sees it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse
from wtforms import Form as WTForm
from wtforms import PasswordField

from admin.accounts import account_with_email
from admin.pages import COOKIE
from admin.sessions import AT_MOST, IDLE
from admin.unsent_fields import SECRET, worth_keeping
from mentoring.crypto import VaultError
from mentoring.models import StaffTask, UnsentForm
from mentoring.retention import UNSENT_LASTS, blank_old_content
from tests.admin.conftest import PASSWORD, Screen, Site
from tests.admin.filled_in import filled_in
from tests.admin.test_alerts import alert_about

WORDS = 'Rosa <b>cried</b> & said "not yet".'
STILL_HERE = (
    "What you typed is still here. Nothing has been sent yet. Look at it and send it again."
)
OLGA = "olga@example.org"


@pytest.fixture
def task(site: Site) -> str:
    return f"/desk/tasks/{alert_about(site, 'M12 finished')}"


@pytest.fixture
def olga(site: Site) -> Screen:
    return site.sign_in(site.add(OLGA))


def signs_in(site: Site, screen: Screen, email: str = OLGA) -> TestResponse:
    """Sign in where the session has led to, and go where that leads on."""
    site.wall_clock.advance(30)
    following = screen.next
    screen.sends("/desk/sign-in", email=email, password=PASSWORD, next=following)
    return screen.sends("/desk/sign-in/code", code=site.code(email), next=following)


def kept(site: Site) -> list[UnsentForm]:
    with site.db.transaction() as session:
        return list(session.scalars(select(UnsentForm)))


def outcome(site: Site, task: str) -> str | None:
    with site.db.transaction() as session:
        return session.get_one(StaffTask, int(task.rpartition("/")[2])).outcome


def typed_too_late(site: Site, screen: Screen, task: str) -> None:
    """Let the session end while somebody types, and send the form then."""
    screen.opens(task)
    site.wall_clock.advance(IDLE.total_seconds())
    screen.sends(task, outcome=WORDS)
    assert screen.path == "/desk/sign-in"
    assert outcome(site, task) is None


def sends_again(screen: Screen, to: str) -> TestResponse:
    """Press the button of a form as it is filled in now."""
    held = filled_in(screen, to)
    [token] = held.pop("csrf_token")[:1]
    return screen.sends(to, token, **held)  # type: ignore[arg-type]


def test_what_was_typed_comes_back_after_signing_in_and_is_written_once(
    site: Site, olga: Screen, task: str
) -> None:
    typed_too_late(site, olga, task)
    assert "what you typed is kept for an hour" in olga.words
    signs_in(site, olga)

    assert (olga.path, STILL_HERE in olga.words) == (task, True)
    assert outcome(site, task) is None
    sends_again(olga, task)
    assert outcome(site, task) == WORDS
    assert kept(site) == []
    assert STILL_HERE not in olga.opens(task).text


def test_without_signing_in_as_the_same_it_is_shown_to_nobody_and_thrown_away(
    site: Site, olga: Screen, task: str
) -> None:
    ines = site.add("ines@example.org", name="Ines")
    typed_too_late(site, olga, task)
    signs_in(site, olga, ines)

    assert (olga.path, kept(site)) == (task, [])
    for address in (task, "/desk/unsent", "/desk/"):
        assert "not yet" not in olga.opens(address).text
    olga.sends("/desk/sign-out")
    signs_in(site, olga)
    assert "not yet" not in olga.opens(task).text


def test_what_one_has_still_open_is_not_sent_in_the_name_of_another(
    site: Site, olga: Screen, task: str
) -> None:
    ines = site.add("ines@example.org", name="Ines")
    olga.opens(task)
    [token] = filled_in(olga, task)["csrf_token"]
    olga.sends("/desk/sign-out")
    signs_in(site, olga, ines)
    olga.client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    olga.sends(task, token, outcome=WORDS)

    assert (olga.page.status_code, outcome(site, task), kept(site)) == (400, None, [])
    assert "not yet" not in olga.page.text


def test_in_another_browser_it_is_not_shown(site: Site, olga: Screen, task: str) -> None:
    typed_too_late(site, olga, task)

    assert "not yet" not in site.sign_in(OLGA).opens(task).text
    assert len(kept(site)) == 1


def test_signed_out_in_another_tab_it_comes_back_as_well(
    site: Site, olga: Screen, task: str
) -> None:
    olga.opens(task)
    [token] = filled_in(olga, task)["csrf_token"]
    olga.sends("/desk/sign-out")
    olga.sends(task, token, outcome=WORDS)
    assert (olga.path, outcome(site, task)) == ("/desk/sign-in", None)
    olga.sends("/desk/sign-in", email=OLGA, password=PASSWORD)
    site.wall_clock.advance(30)
    olga.sends("/desk/sign-in/code", code=site.code(OLGA))

    olga.opens(task)
    assert filled_in(olga, task)["outcome"] == [WORDS]


def test_of_a_shut_account_nothing_is_kept(site: Site, olga: Screen, task: str) -> None:
    olga.opens(task)
    with site.db.transaction() as session:
        account = account_with_email(session, OLGA)
        assert account is not None
        account.disabled_at = site.wall_clock.now()
    olga.sends(task, outcome=WORDS)

    assert (olga.path, kept(site)) == ("/desk/sign-in", [])
    assert "is kept for an hour" not in olga.words


def test_after_twelve_hours_it_is_still_known_whose_it_is(
    site: Site, olga: Screen, task: str
) -> None:
    olga.opens(task)
    site.wall_clock.advance(AT_MOST.total_seconds() + 60)
    [token] = filled_in(olga, task)["csrf_token"]
    site.sign_in(OLGA)
    olga.sends(task, token, outcome=WORDS)
    signs_in(site, olga)

    assert filled_in(olga, task)["outcome"] == [WORDS]


def test_after_an_hour_it_is_gone(site: Site, olga: Screen, task: str) -> None:
    typed_too_late(site, olga, task)
    site.wall_clock.advance(UNSENT_LASTS.total_seconds())
    signs_in(site, olga)

    assert (olga.path, "not yet" in olga.page.text) == (task, False)
    with site.db.transaction() as session:
        blank_old_content(session, now=site.wall_clock.now() - timedelta(minutes=2))
        assert session.scalars(select(UnsentForm)).all() != []
        blank_old_content(session, now=site.wall_clock.now())
        assert session.scalars(select(UnsentForm)).all() == []


def test_it_lies_sealed_and_opens_nowhere_else(site: Site, olga: Screen, task: str) -> None:
    typed_too_late(site, olga, task)
    [row] = kept(site)

    assert b"not yet" not in row.form_sealed
    vault = site.db.vault
    assert "not yet" in vault.open(row.form_sealed, place=row.place("form_sealed"))
    with pytest.raises(VaultError):
        vault.open(row.form_sealed, place="unsent_forms.form_sealed:" + "0" * 32)


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}]
)
def test_a_form_that_is_too_old_comes_back_with_what_was_typed(
    site: Site, olga: Screen, task: str, headers: dict[str, str]
) -> None:
    olga.opens(task)
    olga.client.delete_cookie("bridgeline_forms", path="/desk")
    answer = olga.client.post(
        task,
        data={"outcome": WORDS, "csrf_token": "old"},
        headers={"Referer": f"http://localhost{task}", **headers},
        follow_redirects=True,
    )
    olga.page = answer

    assert (olga.path, answer.status_code) == (task, 200)
    assert f"This form was too old. {STILL_HERE}" in olga.words
    assert outcome(site, task) is None
    sends_again(olga, task)
    assert (outcome(site, task), kept(site)) == (WORDS, [])


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
)
@pytest.mark.parametrize("ended", [False, True])
def test_another_site_plants_nothing(
    site: Site, olga: Screen, task: str, headers: dict[str, str], ended: bool
) -> None:
    olga.opens(task)
    if ended:
        site.wall_clock.advance(IDLE.total_seconds())
    answer = olga.client.post(
        task, data={"outcome": WORDS}, headers={"Referer": f"http://localhost{task}", **headers}
    )

    assert (answer.status_code, kept(site), outcome(site, task)) == (400, [], None)
    assert "This form is too old, or it came from another site." in answer.text


def test_who_was_never_signed_in_leaves_nothing(site: Site, task: str) -> None:
    stranger = site.screen()
    stranger.opens("/desk/sign-in")
    stranger.sends(task, outcome=WORDS)
    stranger.client.set_cookie(COOKIE, "made up", path="/desk")
    stranger.client.post(task, data={"outcome": WORDS}, headers={"Sec-Fetch-Site": "same-origin"})

    assert kept(site) == []


def every_form(kind: type[WTForm] = WTForm) -> Iterator[type[WTForm]]:
    for each in kind.__subclasses__():
        yield each
        yield from every_form(each)


def test_no_password_is_kept_by_whatever_name() -> None:
    secret: set[str] = set()
    other: set[str] = set()
    for kind in every_form():
        for name in dir(kind):
            made = getattr(getattr(kind, name), "field_class", None)
            if made is not None and kind.__module__.startswith("admin."):
                (secret if issubclass(made, PasswordField) else other).add(name)

    assert len(secret) > 3
    assert secret <= SECRET
    assert SECRET & other == {"response"}
    typed = [("note", "Hello"), *((name, "s3cret words") for name in SECRET)]
    assert worth_keeping("/desk/tasks/1", typed) == [("note", "Hello")]
    for address in ("/desk/account/password", "/desk/account/authenticator", "/desk/sign-in/code"):
        assert worth_keeping(address, typed) == []


def test_of_a_press_in_which_nobody_typed_nothing_is_kept(site: Site, olga: Screen) -> None:
    olga.opens("/desk/matching")
    site.wall_clock.advance(IDLE.total_seconds())
    olga.sends("/desk/matching/plan")

    assert (olga.path, kept(site)) == ("/desk/sign-in", [])


def test_two_that_were_not_sent_are_both_kept(site: Site, olga: Screen, task: str) -> None:
    other = f"/desk/tasks/{alert_about(site, 'P17 has a worry')}"
    olga.opens(task)
    [token] = filled_in(olga, task)["csrf_token"]
    site.wall_clock.advance(IDLE.total_seconds())
    olga.sends(task, token, outcome="The first.")
    olga.sends(task, token, outcome="The first.")
    olga.sends(other, token, outcome="The second.")
    signs_in(site, olga)

    assert len(kept(site)) == 2
    olga.opens(task)
    assert filled_in(olga, task)["outcome"] == ["The first."]
    olga.opens("/desk/unsent")
    assert "The first." in olga.page.text
    assert "The second." in olga.page.text


def test_what_fits_no_form_any_more_is_shown_word_for_word_and_thrown_away_by_hand(
    site: Site, olga: Screen, task: str
) -> None:
    typed_too_late(site, olga, task)
    with site.db.transaction() as session:
        session.get_one(StaffTask, int(task.rpartition("/")[2])).done_at = site.clock.now()
    signs_in(site, olga)
    assert "Something that you typed was not sent, and it is kept for you." in olga.words
    olga.opens("/desk/unsent")
    assert WORDS in olga.words
    number = str(kept(site)[0].id)
    olga.sends("/desk/unsent", which="9" * 40)
    assert len(kept(site)) == 1
    olga.sends("/desk/unsent", which=number)

    assert ("It is thrown away." in olga.words, kept(site)) == (True, [])
    olga.sends("/desk/unsent", which=number)
    assert "That is not kept any more" in olga.words


def test_a_browser_keeps_no_more_than_some(site: Site, olga: Screen, task: str) -> None:
    olga.opens(task)
    [token] = filled_in(olga, task)["csrf_token"]
    site.wall_clock.advance(IDLE.total_seconds())
    for number in range(25):
        olga.sends(task, token, outcome=f"Try {number}.")

    assert len(kept(site)) == 20
