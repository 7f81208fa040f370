"""`bridgeline simulate`: so many pairs for so many days, the same for the same seed."""

import gc
import sys
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from app.simulation.play import Play
from app.simulation.somebody import Somebody
from app.simulation.story import log_lines, summary
from app.simulation.tempers import MIX, TALKATIVE
from app.simulation.world import World, open_world
from mentoring.models import Role

# A Monday at the office, at ten in the morning.
START = datetime(2026, 1, 5, 16, 0, tzinfo=UTC)
_DAY = timedelta(days=1)
_AREAS = {
    "212": "America/New_York",
    "303": "America/Denver",
    "602": "America/Phoenix",
    "787": "America/Puerto_Rico",
}
# Fictional numbers end in 01 and two more digits, of which each area has a hundred.
_MOST_PAIRS = len(_AREAS) * 100 // 2
_PROTEGES = ("Rosa", "Marcus", "Aiko", "Denise", "Tomas", "Hannah", "Samir", "Lena", "Walt", "Kim")
_MENTORS = ("Ellen", "Luis", "Grace", "Robert", "Amina", "Peter", "Judith", "Tom", "Dev", "Olga")
# Matches are opened in this share of the time, so that the last ones still have some before them.
_OPENING = 0.95
_LANDLINES, _CALLERS = 0.1, 0.5
# So many come in by themselves, some time before they are matched; of the others there is a form.
_JOINS = 0.3
_BEFORE = 9 * _DAY
_RHYTHMS = ("week", *("two_weeks",) * 4, *("month",) * 4)
_GOALS = (80, 80, 150, 150, 150, 300)
# Of the many only this one texts all day long.
_TALKATIVE = 10


def run(words: Sequence[str]) -> int:
    """Play a simulation and print its summary; returns 1 when a promise was not kept."""
    parser = ArgumentParser(prog="bridgeline simulate", description=__doc__)
    parser.add_argument("--days", type=int, default=365, help="how long (365)")
    parser.add_argument("--pairs", type=int, default=50, help=f"up to {_MOST_PAIRS} (50)")
    parser.add_argument("--seed", type=int, default=7, help="whose chances they take (7)")
    parser.add_argument("--log", type=Path, metavar="FILE", help="write down all that happened")
    args = parser.parse_args(words)
    if not (args.days >= 1 and 1 <= args.pairs <= _MOST_PAIRS):
        parser.error(f"--days must be 1 or more, and --pairs from 1 to {_MOST_PAIRS}.")
    started = time.monotonic()
    # What is there already is no garbage, and a year makes a lot of objects that stay.
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    with open_world(START, args.seed) as world:
        play = begin(world, days=args.days, pairs=args.pairs, seed=args.seed)
        for day in range(args.days):
            live_one_day(play, day)
            if sys.stderr.isatty():
                print(f"\rday {day + 1} of {args.days}", end="", file=sys.stderr, flush=True)
        if sys.stderr.isatty():
            print("\r", end="", file=sys.stderr)
        print(summary(play, args.days))
        if args.log is not None:
            args.log.write_text("\n".join(log_lines(play)) + "\n", encoding="utf-8")
    print(f"Played in {time.monotonic() - started:.0f} s.", file=sys.stderr)
    return int(bool(play.checks.breaches))


def begin(world: World, *, days: int, pairs: int, seed: int) -> Play:
    """Return a play in which so many pairs will be matched, one after the other."""
    rng = Random(seed)  # noqa: S311 - repeatable, no secret
    people = [_somebody(world, place, rng) for place in range(2 * pairs)]
    play = Play(world, people, rng)
    for place in range(pairs):
        pair = people[2 * place], people[2 * place + 1]
        moment = START + int(place * days * _OPENING / pairs) * _DAY
        for who in pair:
            if who.joins and moment - _BEFORE > START:
                play.at(moment - _BEFORE + timedelta(hours=3), partial(play.join, who))
            else:
                play.at(moment, partial(play.coordinator.add, who))
        play.at(moment, partial(play.match, *pair))
    return play


def live_one_day(play: Play, day: int) -> None:
    """Let everybody live through one day, and hold the service to its word at the end of it."""
    play.at(START + day * _DAY + timedelta(hours=1), play.office_day)
    play.live_until(START + (day + 1) * _DAY)
    play.checks.end_day()


def _somebody(world: World, place: int, rng: Random) -> Somebody:
    area = list(_AREAS)[place % len(_AREAS)]
    number = f"+1{area}55501{place // len(_AREAS):02d}"
    role = Role.MENTOR if place % 2 else Role.PROTEGE
    names = _MENTORS if role is Role.MENTOR else _PROTEGES
    phone = world.emulator.phone(number, label=names[place // 2 % len(names)])
    is_talkative = place == _TALKATIVE
    phone.landline = role is Role.PROTEGE and rng.random() < _LANDLINES and not is_talkative
    phone.line_type = "landline" if phone.landline else "mobile"
    return Somebody(
        number=number,
        name=phone.label,
        role=role,
        zone=ZoneInfo(_AREAS[area]),
        temper=TALKATIVE if is_talkative else rng.choice(MIX),
        phone=phone,
        likes_calls=phone.landline or (rng.random() < _CALLERS and not is_talkative),
        rhythm=rng.choice(_RHYTHMS),
        goal_after=rng.choice(_GOALS),
        joins=rng.random() < _JOINS,
    )
