"""What the coordinators' page shows beside matches and their log, for the bench on PostgreSQL.

Of those who wait, three in ten apply still and a few have a proposal; everybody has told what
matching asks. Mentors had tips, one in ten asked for a change, and there are goals of a year. A
prompt was edited many times, and there is a backlog of texts and tasks.
"""

from datetime import datetime

from sqlalchemy import select, text, update

from mentoring.db import Database, Session
from mentoring.editions.changes import Place, put_live, save_draft
from mentoring.editions.forms import forms_of
from mentoring.endings import ending_index
from mentoring.flows.catalog import Catalog
from mentoring.matching.kept_plan import keep_plan
from mentoring.models import Person, Phone

EDITED = "V-GREET"
NUMBER = "+12125550100"
_EDITS = 20
# One in so many has the same last four digits.
_OF_SAME_ENDING = 1000

_FILL = """
UPDATE people SET
    first_name = (ARRAY['Sam', 'Sam', 'Sam', 'Rosa', 'Luis'])[id % 5 + 1],
    mode = (ARRAY['voice', 'text', 'both'])[id % 3 + 1],
    community = (ARRAY['North', 'River', 'Est'])[id % 3 + 1],
    zone = (ARRAY['America/New_York', 'America/Chicago', 'America/Denver'])[id % 7 % 3 + 1],
    language = CASE WHEN id % 11 = 0 THEN 'es' ELSE 'en' END,
    state = CASE WHEN state = 'waiting' AND id % 10 < 2 THEN 'screening'
                 WHEN state = 'waiting' AND id % 10 = 2 THEN 'orientation' ELSE state END,
    profile = json_build_object(
        'topics', substr('ABCDEFGH', id % 8 + 1, 1) || ',' || substr('BDFHACEG', id % 8 + 1, 1),
        'hours', (ARRAY['1', '2', '3', '4', '1,3'])[id % 5 + 1],
        'stage', id % 4 + 1, 'years', id % 4 + 1, 'capacity', id % 3 + 1,
        'sectors', (ARRAY['food', 'crafts', 'care', 'office'])[id % 4 + 1]);

INSERT INTO consents (phone_id, person_id, part, agreed, text_version, language, channel, proof,
                      known_by, at)
SELECT id, id, part, true, '', 'en', 'staff', '', '', :now
FROM people, unnest(ARRAY['C1', 'C2', 'C3', 'C4', 'C5']) part;

INSERT INTO transitions (entity, entity_id, from_state, to_state, actor, reason, at)
SELECT 'person', id, 'orientation', CASE WHEN role = 'mentor' THEN 'available' ELSE 'waiting' END,
       'bench', '', CAST(:now AS timestamptz) - make_interval(days => id % 100 + 61)
FROM people;

INSERT INTO screening_checks (key, person_id, item, held_on, how, actor, at)
SELECT gen_random_uuid(), id, 'screening_talk', CAST(:now AS timestamptz)::date, 'call', 'bench',
       :now
FROM people;

INSERT INTO invitations (flow, person_id, number, state, due_at, asked_at)
SELECT 'proposal_protege', id, 1, 'waiting', :now, :now
FROM people WHERE state = 'waiting' AND id % 10 = 9;

INSERT INTO proposals (protege_id, mentor_id, state, actor, score, said, created_at, sent_at,
                       protege_invitation_id)
SELECT person_id, 2 + 2 * (person_id % :matches), 'proposed_to_protege', 'bench', 70,
       '{"protege": {"more": "Helps with money."}, "mentor": {}}', :now, :now, id
FROM invitations WHERE flow = 'proposal_protege';

INSERT INTO proposals (protege_id, mentor_id, state, actor, score, said, created_at, sent_at,
                       protege_said_at, settled_at, ended_by, reason)
SELECT id, id + 1, 'declined', 'bench', 70, '{"protege": {}, "mentor": {}}', at, at, at, at,
       'protege', 'times'
FROM (SELECT id, CAST(:now AS timestamptz) - make_interval(days => id % 300) AS at
      FROM people WHERE id < 2 * :matches AND id % 2 = 1) AS asked;

INSERT INTO dues (kind, person_id, round, due_at, faults, dedupe_key, created_at)
SELECT CASE WHEN state = 'waiting' THEN 'waiting' ELSE 'invite' END, id, 1,
       CAST(:now AS timestamptz) + interval '9 days', 0, 'bench:person:' || id, :now
FROM people WHERE id > 2 * :matches;

INSERT INTO dues (kind, match_id, round, due_at, faults, dedupe_key, created_at)
SELECT kind, m, 1, CAST(:now AS timestamptz) + interval '9 days', 0,
       'bench:' || kind || ':' || m, :now
FROM generate_series(1, :matches) m, unnest(ARRAY['calendar', 'milestone', 'term']) kind;

INSERT INTO staff_tasks (rule, words, person_id, dedupe_key, opened_at, due_at, step, done_at,
                         outcome)
SELECT 'name', 'Ask for the name.', id, 'bench:' || id || ':' || n, at, at, 0, at, 'done'
FROM (SELECT id, n, CAST(:now AS timestamptz) - make_interval(days => n) AS at
      FROM people, generate_series(1, 5) n) AS tasks;

INSERT INTO staff_tasks (rule, words, person_id, dedupe_key, opened_at, due_at, step, done_at,
                         outcome)
SELECT 'change', 'Call two days before.', id, 'change:' || id, at, at, 0,
       CASE WHEN id % 4 > 0 THEN at END, CASE WHEN id % 4 > 0 THEN 'We call two days before.' END
FROM (SELECT id, CAST(:now AS timestamptz) - make_interval(days => id % 300) AS at
      FROM people WHERE id % 10 = 1) AS asked;

INSERT INTO feedback (key, person_id, heard_in, action, task_id, written_by, written_at, changed,
                      done_at)
SELECT gen_random_uuid(), person_id, 'talk', words, id, 'bench', opened_at, outcome, done_at
FROM staff_tasks WHERE rule = 'change';

INSERT INTO training_talks (person_id, held_on, minutes, how, actor, at)
SELECT id, CAST(:now AS timestamptz)::date - n, 20, 'call', 'bench', :now
FROM people, generate_series(1, 5) n WHERE role = 'mentor';

INSERT INTO goals (words, target, measure, due_on, set_by, set_at, outcome, result, done_at)
SELECT 'Goal ' || n, '8 of 10', 'E7.healthy', CAST(:now AS timestamptz)::date - n, 'bench', :now,
       CASE WHEN n % 4 > 0 THEN 'reached' END, CASE WHEN n % 4 > 0 THEN '9 of 10.' END,
       CASE WHEN n % 4 > 0 THEN CAST(:now AS timestamptz) END
FROM generate_series(1, 400) n;

INSERT INTO deliveries (key, kind, status, to_phone_id, to_person_id, from_line_id, contact_id,
                        dedupe_key, not_before, expires_at, attempts, error_code, created_at,
                        settled_at)
SELECT gen_random_uuid(), 'relay',
       CASE WHEN outcome = 'undelivered' THEN 'undelivered' ELSE 'delivered' END,
       to_person_id, to_person_id, line_id, id, 'bench:' || id, started_at, started_at, 1,
       CASE WHEN outcome = 'undelivered' THEN 30003 END, started_at, started_at
FROM contacts
WHERE kind = 'text' AND started_at > CAST(:now AS timestamptz) - interval '40 days';

INSERT INTO audit_entries (actor, action, entity, entity_id, reason, at)
SELECT 'staff:Charlotte', 'revealed number', 'person', code, 'They asked to be rung.',
       CAST(:now AS timestamptz) - make_interval(mins => id)
FROM people, generate_series(1, 5) n;
"""


def fill_programme(database: Database, matches: int, now: datetime) -> None:
    """Add all of it to a database that `bench_oversight.fill` has filled with so many matches."""
    known = {"matches": matches, "now": now}
    with database.transaction() as session:
        for statement in _FILL.split(";"):
            if statement.strip():
                used = {name: known[name] for name in known if f":{name}" in statement}
                session.execute(text(statement), used)
    with database.transaction() as session:
        _give_numbers(session)
        _edit_wording(session, now)
        keep_plan(session, now=now)
    with database.bind.engine.connect() as connection:
        # As the server does by itself a minute after so much was written.
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))


def _give_numbers(session: Session) -> None:
    """Give one person a number that can be opened, and some others the same last four digits."""
    phone = session.scalars(select(Person).where(Person.code == "P000001")).one().phone
    phone.number_sealed = session.vault.seal(NUMBER, place=phone.place("number_sealed"))
    ending = ending_index(session.vault, NUMBER)
    session.execute(
        update(Phone).where(Phone.id % _OF_SAME_ENDING == 1).values(ending_index=ending)
    )


def _edit_wording(session: Session, now: datetime) -> None:
    place = Place(EDITED, "en", "")
    shipped = forms_of(Catalog.load().by_language["en"][EDITED])
    for version in range(_EDITS):
        save_draft(
            session, place, shipped, seen=version, note="bench", actor="staff:Charlotte", now=now
        )
        put_live(session, place, version + 1, actor="staff:Charlotte", now=now)
