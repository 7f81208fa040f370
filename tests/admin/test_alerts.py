"""Alerts and tasks on their pages: given to somebody, taken on step by step, closed with words."""

import pytest
from sqlalchemy import select

from mentoring.models import StaffTask
from tests.admin.conftest import Screen, Site
from tests.admin.filled_in import seen
from tests.admin.test_pages import audit


def alert_about(site: Site, words: str) -> int:
    """Return the number of the open alert whose words hold these."""
    with site.db.transaction() as session:
        return session.scalars(
            select(StaffTask.id).where(StaffTask.words.contains(words), StaffTask.done_at.is_(None))
        ).one()


def test_an_alert_is_given_to_somebody_and_closed_with_what_came_of_it(
    site: Site, charlotte: Screen
) -> None:
    number = alert_about(site, "P18 opted out")
    charlotte.opens(f"/desk/alerts/{number}")
    owner = f"/desk/alerts/{number}/owner"
    charlotte.sends(owner, name="Ben Adler", seen=seen(charlotte, owner))
    assert "The alert is with Ben Adler now." in charlotte.words
    charlotte.sends(f"/desk/alerts/{number}/close", code="spoke_with_them", note="Calls are fine.")

    assert "The alert is closed." in charlotte.words
    assert ("closed alert", str(number), "spoke_with_them: Calls are fine.") in audit(site)


def test_whoever_gives_an_alert_to_nobody_is_asked_to_whom(site: Site, charlotte: Screen) -> None:
    number = alert_about(site, "P18 opted out")
    charlotte.opens(f"/desk/alerts/{number}")
    owner = f"/desk/alerts/{number}/owner"
    charlotte.sends(owner, name="", seen=seen(charlotte, owner))

    assert charlotte.page.status_code == 422
    assert "There is a problem Choose who sees to the alert." in charlotte.words
    assert not any(action == "assigned alert" for action, *_ in audit(site))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Choose what came of it."),
        ({"code": "nonsense"}, "Choose what came of it."),
        ({"code": "other"}, "add a note with what came of it"),
        ({"code": "paused", "note": "x" * 151}, "Use 150 characters or fewer."),
    ],
)
def test_an_alert_closes_only_with_a_code(
    site: Site, charlotte: Screen, fields: dict[str, str], said: str
) -> None:
    number = alert_about(site, "P18 opted out")
    charlotte.opens(f"/desk/alerts/{number}")
    charlotte.sends(f"/desk/alerts/{number}/close", **fields)

    assert (charlotte.page.status_code, said in charlotte.words) == (422, True)
    assert alert_about(site, "P18 opted out") == number


def test_a_worry_goes_on_step_by_step(site: Site, charlotte: Screen) -> None:
    number = alert_about(site, "P17 has a worry")
    charlotte.opens(f"/desk/alerts/{number}")
    first = charlotte.words.partition("Next step ")[2]
    step = f"/desk/alerts/{number}/step"
    charlotte.sends(step, seen=seen(charlotte, step))

    assert "Done. The step is taken:" in charlotte.words
    assert charlotte.words.partition("Next step ")[2] != first


def test_an_alert_that_somebody_else_has_closed_says_so(site: Site, charlotte: Screen) -> None:
    number = alert_about(site, "P18 opted out")
    charlotte.opens(f"/desk/alerts/{number}")
    charlotte.sends(f"/desk/alerts/{number}/close", code="paused")
    charlotte.sends(f"/desk/alerts/{number}/close", code="other", note="late")

    assert "was closed already" in charlotte.words


def test_tasks_and_alerts_do_not_answer_for_each_other(site: Site, charlotte: Screen) -> None:
    alert, task = alert_about(site, "P18 opted out"), alert_about(site, "M12 finished")

    assert charlotte.opens(f"/desk/tasks/{alert}").status_code == 404
    assert charlotte.opens(f"/desk/alerts/{task}").status_code == 404


def test_a_task_is_closed_with_words(site: Site, charlotte: Screen) -> None:
    number = alert_about(site, "M12 finished")
    charlotte.opens(f"/desk/tasks/{number}")
    charlotte.sends(f"/desk/tasks/{number}", outcome="")
    assert "Say what came of it." in charlotte.words
    charlotte.sends(f"/desk/tasks/{number}", outcome="Spoke with Olga on Tuesday.")

    assert "The task is closed." in charlotte.words
