"""Playing a simulation day by day: what people do, what the coordinator does, and the checks."""

import heapq
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from random import Random
from zoneinfo import ZoneInfo

from app.simulation.checks import Checks
from app.simulation.coordinator import Coordinator
from app.simulation.people import (
    act_in_call,
    ends_talks,
    hears_of_staff,
    hears_ringing,
    indulge,
    join,
    reach_out,
    talk_lasts,
    text_back,
    texts_of_a_day,
    wait_before_reply,
)
from app.simulation.somebody import Somebody
from app.simulation.tempers import Habit
from app.simulation.witness import Witness
from app.simulation.world import MAIN, World
from mentoring.models import MatchState
from telephony.emulator import PhoneError, delivered, manual, out_of_reach, undelivered

_DAY = timedelta(days=1)
# Who hears nothing back tries again after some days, so often.
_SOON, _TIMES = (2, 4), 3
_INSISTS = 0.6
_AN_EXCHANGE = timedelta(hours=12)
# So long after somebody has answered it is known what came of it.
_ANSWERING = timedelta(minutes=5)
_TEXTS_EVERY = timedelta(minutes=7)


@dataclass(order=True)
class Plan:
    """Something that will be done at a moment; `seq` keeps the order of the same moment."""

    at: datetime
    seq: int
    do: Callable[[], None] = field(compare=False)


class Play:
    """One simulation. The same people and the same seed live through the same days."""

    def __init__(self, world: World, people: list[Somebody], rng: Random) -> None:
        self.world = world
        self.people = people
        self.coordinator = Coordinator(world, people)
        self.witness = Witness(world, people)
        self.checks = Checks(world, people, self.coordinator, self.witness)
        self._rng = rng
        self._plans: list[Plan] = []
        self._seq = count()
        self._noticed = -1
        # Who has been asked about each other, and has not both answered.
        self._asked: list[tuple[Somebody, Somebody]] = []

    def live_until(self, end: datetime) -> None:
        """Let everybody live up to a moment."""
        world = self.world
        while world.clock.now() < end:
            limit = min(end, self._plans[0].at) if self._plans else end
            world.step(limit)
            while self._plans and self._plans[0].at <= world.clock.now():
                heapq.heappop(self._plans).do()
                world.changed = True
            self._notice()

    def at(self, moment: datetime, do: Callable[[], None]) -> None:
        """Let something be done at a moment."""
        heapq.heappush(self._plans, Plan(moment, next(self._seq), do))

    def after(self, wait: timedelta, do: Callable[[], None]) -> None:
        """Let something be done a while from now."""
        self.at(self.world.clock.now() + wait, do)

    def join(self, who: Somebody) -> None:
        """Let somebody come in by themselves; one whose phone is in use does so a little later."""
        if who.phone.call is not None:
            self.after(timedelta(hours=1), lambda: self.join(who))
        elif not who.code:
            join(who)
            # Who did not get to the end of it calls again; by text one is asked again anyway.
            if who.likes_calls:
                self.after(_DAY, lambda: self.join(who))

    def match(self, protege: Somebody, mentor: Somebody) -> None:
        """Have two matched as soon as both are ready: asked, where one of them came in anew."""
        if not self.coordinator.are_ready(protege, mentor):
            self.after(_DAY, lambda: self.match(protege, mentor))
        elif (protege.joins or mentor.joins) and self.coordinator.propose(protege, mentor):
            self._asked.append((protege, mentor))
            self.after(_DAY, lambda: self._settle(protege, mentor))
        else:
            self._begin(protege, mentor, *self.coordinator.open_match(protege, mentor))

    def _settle(self, protege: Somebody, mentor: Somebody) -> None:
        """Of two who did not both say yes, have the match opened all the same."""
        if (protege, mentor) not in self._asked:
            return
        if self.coordinator.is_asking(protege) or not self.coordinator.are_ready(protege, mentor):
            self.after(_DAY, lambda: self._settle(protege, mentor))
            return
        self._asked.remove((protege, mentor))
        self._begin(protege, mentor, *self.coordinator.open_match(protege, mentor))

    def _look_for_a_yes(self) -> None:
        """Let two live with their match as soon as the mentor, who is asked last, has agreed."""
        since = self.world.clock.now() - _ANSWERING
        for protege, mentor in tuple(self._asked):
            if mentor.acted and mentor.acted[-1] >= since:
                match = self.coordinator.match_of(protege, mentor)
                if match is not None:
                    self._asked.remove((protege, mentor))
                    self._begin(protege, mentor, *match)

    def _begin(self, protege: Somebody, mentor: Somebody, match_id: int, line: str) -> None:
        """Let two live with the match that they have from now on."""
        self.witness.begin(match_id, (protege, mentor), line)
        for days, who in ((1, protege), (2, mentor)):
            who.is_joining = False
            self._reach_out_later(who, days=days)
            self._plan_turns(who)

    def office_day(self) -> None:
        """Let the service look over everything, as often as a simulated year has time for.

        In production it sweeps twice a minute and oversees every quarter of an hour.
        """
        if self.world.clock.now().weekday() == 0:
            self.world.ticker.sweep()
            self.world.ticker.blank()
        self.world.ticker.oversee()
        self.coordinator.work()

    # -- what people notice ---------------------------------------------------------------------

    def _notice(self) -> None:
        """Let everybody look at their phone, if anything has happened since they last did."""
        if self._noticed == (version := self.world.emulator.engine.version):
            return
        self._noticed = version
        self._look_for_a_yes()
        for who in self.people:
            phone = who.phone
            if len(phone.texts) != who.texts_seen:
                self._reads(who)
            # Everybody is looked at after all that happens, so this asks for no more than it must.
            if phone.calls and not phone.calls[-1].leg.over and not who.will_act:
                self._hears(who)
        self.coordinator.notice(self.after)

    def _reads(self, who: Somebody) -> None:
        new = who.phone.texts[who.texts_seen :]
        who.texts_seen = len(who.phone.texts)
        for text in new:
            self.checks.saw_text(who, text)
            self.witness.saw_text(who, text)
            if who.was_in_the_wrong_thread(text):
                who.has_answered_nobody()
        received = [text for text in new if text.direction == "in" and not text.carrier]
        if not received or who.will_reply:
            return
        text, now = received[-1], self.world.clock.now()
        if who.leaves_open:
            who.leaves_open, share = False, 0.0
        elif who.is_joining:
            share = 1.0
        elif who.is_from_partner(text):
            # Once in a while is enough: two who answer each answer would never end.
            share = 0.0 if self._has_written(who, now) else who.temper.replies
        else:
            is_answering = who.answering_until is not None and now <= who.answering_until
            share = 1 if is_answering else who.temper.answers
        if self._rng.random() < share and not who.is_silent(now):
            who.will_reply = True
            self.after(wait_before_reply(who, now, self._rng), lambda: self._replies(who))

    def _has_written(self, who: Somebody, now: datetime) -> bool:
        bond = self.witness.bond_of(who)
        return bond is not None and any(
            text.by is who and now - text.at < _AN_EXCHANGE for text in bond.wrote[-20:]
        )

    def _replies(self, who: Somebody) -> None:
        who.will_reply = False
        newest = next(text for text in reversed(who.phone.texts) if text.direction == "in")
        if who.phone.call is None and not who.phone.landline:
            peer = MAIN if who.was_in_the_wrong_thread(newest) else newest.peer
            text_back(self.world, who, peer, who.is_from_partner(newest), self._rng)

    def _hears(self, who: Somebody) -> None:
        phone = who.phone
        call = phone.call
        if call is None:
            return
        if call.leg.peer is not None:
            self.witness.saw_together(call)
            if ends_talks(who):
                self._acts(who, talk_lasts(self._rng), self._does)
        elif hears_ringing(who):
            return
        elif phone.ringing is not None:
            if len(phone.calls) == who.calls_seen:
                return
            who.calls_seen = len(phone.calls)
            self.checks.saw_ring(who)
            if who.is_joining or self._rng.random() < who.temper.picks_up:
                self._acts(who, timedelta(seconds=self._rng.randint(4, 12)), self._answers)
        elif who.is_mute:
            if hears_of_staff(who):
                who.is_mute = False
                who.not_understood.append(self.world.clock.now())
        elif phone.is_waited_for:
            self._acts(who, timedelta(seconds=2), self._does)

    def _acts(self, who: Somebody, wait: timedelta, do: Callable[[Somebody], None]) -> None:
        who.will_act = True
        self.after(wait, lambda: do(who))

    def _answers(self, who: Somebody) -> None:
        who.will_act = False
        if who.phone.ringing is not None:
            who.steps = 0
            who.phone.answer()

    def _does(self, who: Somebody) -> None:
        who.will_act = False
        if who.wants_staff and who.phone.call is not None and who.phone.call.leg.peer is None:
            who.wants_staff = False
            who.asked_for_staff.append(self.world.clock.now())
            who.phone.press("0")
            return
        again = act_in_call(self.world, who, self._rng)
        if again is not None:
            self._acts(who, again, self._ends_recording)

    def _ends_recording(self, who: Somebody) -> None:
        who.will_act = False
        call = who.phone.call
        if call is not None and call.state == "in-call" and call.leg.recording:
            who.phone.press("#")

    # -- what people do by themselves -----------------------------------------------------------

    def _reach_out_later(self, who: Somebody, *, days: int = 0) -> None:
        days = days or self._days_until_next(who)
        moment = self._at_hour(who, days, (who.temper.calls_at + self._rng.randint(-1, 1)) % 24)
        self.at(moment, lambda: self._reaches_out(who))

    def _days_until_next(self, who: Somebody) -> int:
        bond = self.witness.bond_of(who)
        attempts = bond.attempts() if bond is not None else []
        heard = max((at for at, by in attempts if by is not who), default=who.matched_at)
        unheard = sum(heard is None or at > heard for at, by in attempts if by is who)
        if 1 <= unheard <= _TIMES:
            return self._rng.randint(*_SOON)
        return max(1, round(self._rng.gauss(who.temper.reaches_out_every, 2)))

    def _at_hour(self, who: Somebody, days: int, hour: int) -> datetime:
        """Return a moment some days from now in an hour of somebody's own clock."""
        local = (self.world.clock.now() + days * _DAY).astimezone(who.zone)
        moment = local.replace(hour=hour, minute=self._rng.randint(0, 59), second=7)
        return moment.astimezone(ZoneInfo("UTC"))

    def _reaches_out(self, who: Somebody) -> None:
        bond = self.witness.bond_of(who)
        if bond is None or bond.state is MatchState.CLOSED:
            return
        now = self.world.clock.now()
        if not who.is_silent(now) and not who.is_off:
            # A phone that is in use means: on another day.
            with suppress(PhoneError):
                reach_out(who, self._rng)
                if who.is_up_late and self._rng.random() < _INSISTS:
                    self.after(timedelta(minutes=20), lambda: self._insists(who))
        self._reach_out_later(who)

    def _insists(self, who: Somebody) -> None:
        """At night, and not put through: they try once more."""
        with suppress(PhoneError):
            reach_out(who, self._rng)

    def _plan_turns(self, who: Somebody) -> None:
        temper = who.temper
        if temper.opts_out_after is not None and not who.phone.landline:
            self.after(temper.opts_out_after * _DAY, lambda: who.phone.text(who.line, "STOP"))
            if temper.comes_back_after is not None:
                back = temper.comes_back_after * _DAY
                self.after(back, lambda: who.phone.text(who.line, "START"))
        if temper.moves_after is not None:
            self.after(temper.moves_after * _DAY, lambda: self.coordinator.move(who))
        if temper.is_off is not None:
            off, on = temper.is_off
            self.after(off * _DAY, lambda: _turn_off(who))
            self.after(on * _DAY, lambda: _turn_on(who))
        for days, habit in temper.habits:
            self.at(self._at_hour(who, days, 10), partial(self._indulges, who, habit))

    def _indulges(self, who: Somebody, habit: Habit) -> None:
        bond = self.witness.bond_of(who)
        if bond is None or bond.state is MatchState.CLOSED or not who.line:
            return
        if habit is Habit.TEXTS_ALL_DAY and not who.phone.landline:
            for place, body in enumerate(texts_of_a_day(who)):
                text = partial(who.phone.text, who.line, body)
                self.after(place * _TEXTS_EVERY, text)
        else:
            # A landline writes nothing; whoever is in a call does it another time.
            indulge(who, habit, self.world.clock.now())


def _turn_off(who: Somebody) -> None:
    who.is_off = True
    who.phone.when_rung, who.phone.when_texted = out_of_reach(), undelivered(30003)


def _turn_on(who: Somebody) -> None:
    who.is_off = False
    who.phone.when_rung, who.phone.when_texted = manual(), delivered()
