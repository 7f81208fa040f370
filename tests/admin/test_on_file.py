"""What stands on file is on the page: of a match all that happened, of a person the proof of it."""

import re
from datetime import timedelta

from sqlalchemy import select

from admin.labels import CONSENT_WORDS
from mentoring.calendar.plan_versions import newest_plan
from mentoring.matches import match_with_code
from mentoring.models import Answer, Channel, Consent, Invitation, InvitationState, Plan
from mentoring.people import person_with_code
from mentoring.tasks import open_task
from tests.admin.conftest import Screen, Site
from tests.admin.test_scope import match_of


def asks(site: Site, code: str, person: str, *, flow: str, answered: bool) -> None:
    """Let somebody have been asked about their match."""
    with site.db.transaction() as session:
        session.add(
            Invitation(
                flow=flow,
                match_id=match_with_code(session, code).id,
                person_id=person_with_code(session, person).id,
                number=1,
                state=InvitationState.ANSWERED if answered else InvitationState.WAITING,
                due_at=site.clock.now() - timedelta(days=2),
                asked_at=site.clock.now() - timedelta(days=1) if answered else None,
            )
        )


def test_plan_attempts_check_ins_and_alerts_stand_on_the_page_of_a_match_in_both_zones(
    site: Site, charlotte: Screen
) -> None:
    code = match_of(site, "P03")
    asks(site, code, "P03", flow="checkin", answered=True)
    asks(site, code, "M03", flow="plan", answered=False)
    with site.db.transaction() as session:
        match = match_with_code(session, code)
        words = f"{code}: 3 calls in a row did not come about."
        open_task(
            session, rule="O6", words=words, subject=code, match_id=match.id, now=site.clock.now()
        )
    charlotte.opens(f"/desk/matches/{code}")

    assert re.search(r"They talk every .* Next time by the plan .* Agreed ", charlotte.words)
    assert "Proposed anew" not in charlotte.words
    contacts = charlotte.rows("Contacts, the newest first")
    ended = {row[4] for row in contacts}
    assert "delivered" in ended
    assert any("(failed)" in each for each in ended)
    plan, check_in, *_ = charlotte.rows("What they were asked, the newest first")
    assert (check_in[1:], plan[1:]) == (
        ["a check-in", "Aiko (P03)", "answered"],
        ["the plan", "Grace (M03)", "not asked yet"],
    )
    assert charlotte.rows("Alerts and tasks, the newest first")[0][0].startswith(f"{code}: 3 calls")
    for rows in (contacts, [check_in, plan]):
        assert all(row[0].endswith("in Denver)") for row in rows)


def test_a_consent_stands_with_its_proof_on_the_page_of_a_person(
    site: Site, charlotte: Screen
) -> None:
    with site.db.transaction() as session:
        phone = person_with_code(session, "P02").phone_id
        given = session.scalars(select(Consent).where(Consent.phone_id == phone)).all()
        proofs = {(each.part, each.text_version, each.proof) for each in given}
    charlotte.opens("/desk/people/P02")
    shown = charlotte.rows("Consent, the newest answer first")

    assert proofs
    assert all(proof for *_, proof in proofs)
    assert {(row[0], row[3], row[8].split()[-1]) for row in shown} == {
        (CONSENT_WORDS[part], wording, proof) for part, wording, proof in proofs
    }
    # An id of 34 letters is read out only to whoever opens it.
    folded = re.findall(r"<summary>(.*?)</summary><code>(.*?)</code>", charlotte.page.text)
    assert set(folded) == {(f"{part}: text {proof[-6:]}", proof) for part, _, proof in proofs}


def test_a_consent_that_staff_wrote_down_stands_in_their_words(
    site: Site, charlotte: Screen
) -> None:
    told = "Said yes to all of it in the library, with her sister."
    with site.db.transaction() as session:
        phone = person_with_code(session, "P02").phone_id
        given = session.scalars(select(Consent).where(Consent.phone_id == phone)).all()
        given[0].channel, given[0].proof = Channel.STAFF, told
    charlotte.opens("/desk/people/P02")

    assert told in [row[8] for row in charlotte.rows("Consent, the newest answer first")]


def test_an_answer_stands_with_the_wording_in_which_it_was_asked(
    site: Site, charlotte: Screen
) -> None:
    with site.db.transaction() as session:
        person = person_with_code(session, "P11")
        answers = session.scalars(select(Answer).where(Answer.person_id == person.id)).all()
        answers[0].prompt_version = 7
        asked = [(each.question, each.wording) for each in answers]
    charlotte.opens("/desk/people/P11/answers")
    charlotte.sends("/desk/people/P11/answers", reason="To finish the intake by phone.")

    assert [(row[0], row[1]) for row in charlotte.rows()] == asked
    assert "7" in asked[0][1]
    # Words of their own are read in the language in which they use the service.
    assert '<span lang="es">A day care in my home</span>' in charlotte.page.text


def test_what_comes_next_for_a_match_is_said_in_words_with_its_reason(charlotte: Screen) -> None:
    charlotte.opens("/desk/matches/K09")
    _, _, coming = charlotte.words.partition("What comes next")
    coming, _, _ = coming.partition("Alerts and tasks")

    assert "When Whom What Why" in coming
    assert "both are reminded of their talk their plan" in coming
    assert "talk reminder" not in coming


def test_an_alert_about_a_match_is_on_the_page_of_both(charlotte: Screen) -> None:
    silent = "K09: no two-way contact"
    for code in ("P05", "M06"):
        charlotte.opens(f"/desk/people/{code}")
        tasks = charlotte.rows("Open tasks and alerts")
        assert [row[1] for row in tasks if row[0].startswith(silent)] == ["O3 silent"]
    # Whose worry it is, it is theirs alone.
    charlotte.opens("/desk/people/P17")
    assert "O10 a worry" in {row[1] for row in charlotte.rows("Open tasks and alerts")}
    charlotte.opens("/desk/people/M13")
    assert "P17 has a worry" not in charlotte.words


def test_a_plan_that_counts_stands_beside_the_one_that_is_to_take_its_place(
    site: Site, charlotte: Screen
) -> None:
    code = match_of(site, "P03")
    with site.db.transaction() as session:
        match = match_with_code(session, code)
        old = newest_plan(session, match.id)
        assert old is not None
        wanted = Plan(
            match_id=match.id,
            version=old.version + 1,
            rhythm="month",
            slot="mon 09:00",
            zone=old.zone,
            reply=old.reply,
            proposed_at=site.clock.now(),
            protege_agreed_at=site.clock.now(),
        )
        session.add(wanted)
        before = (old.version, old.in_force)
    assert before == (1, True)
    charlotte.opens(f"/desk/matches/{code}")
    facts = charlotte.words
    assert re.search(r"Version 1 Proposed .* Agreed both", facts)
    assert "Proposed anew every month, Monday at 9 am; still to agree: the mentor" in facts
