"""Times of participants: by the clock of the office, and by theirs where it differs (A33)."""

import re

import pytest

from mentoring.people import person_with_code
from tests.admin.conftest import Screen, Site
from tests.admin.test_scope import match_of


def test_times_are_shown_in_both_zones(charlotte: Screen) -> None:
    charlotte.opens("/desk/people/P02")

    assert "Time there now Tue, Mar 3, 11 am (Tue, Mar 3, 12 pm in New York)" in charlotte.words


@pytest.mark.parametrize(
    ("address", "there"),
    [
        ("/desk/people/P02", ["in New York)"]),
        ("/desk/matches/P02", ["in New York)"]),
        ("/desk/matches/P03", ["in Los Angeles; ", "in Denver)"]),
        ("/desk/applications/M12", ["in Denver)"]),
        ("/desk/contacts?person=P02", ["in New York)"]),
    ],
)
def test_no_time_of_somebody_elsewhere_is_shown_in_one_zone_only(
    site: Site, charlotte: Screen, address: str, there: list[str]
) -> None:
    with site.db.transaction() as session:
        # Aiko has moved away from where her mentor lives.
        person_with_code(session, "P03").zone = "America/Los_Angeles"
    if "/matches/" in address:
        address = f"/desk/matches/{match_of(site, address.rpartition('/')[2])}"
    charlotte.opens(address)

    lonely = r"<time [^>]*>[^<]*</time>(?! <span class=.there.>)"
    assert re.findall(lonely, charlotte.page.text) == []
    assert all(words in charlotte.words for words in there)
