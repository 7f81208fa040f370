"""Calls as straight-line code: a script is a generator that says what it waits for.

A leg's document is run by one process. The script yields a `Wait`; the process resumes it with
the first signal it wanted, or with `TimeUp`. Hanging up and redirecting are exceptions thrown
into the script at the place where it waits, so each verb can tidy up after itself.
"""

import inspect
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeVar

from telephony.emulator.engine import Engine, Event


class Signal:
    """Something a waiting script can be told."""


@dataclass(frozen=True)
class TimeUp(Signal):
    """The wait lasted as long as it was allowed to."""


@dataclass(frozen=True)
class Key(Signal):
    """One key of the party's telephone."""

    digit: str


@dataclass(frozen=True)
class Words(Signal):
    """An utterance of the party that begins now and takes that many seconds."""

    text: str
    seconds: float
    confidence: float | None = None


class Interrupted(Exception):  # noqa: N818 - it names what happened to a script, not a fault
    """Thrown into a script that has to stop what it is doing."""


class HungUp(Interrupted):
    """The call is over."""


@dataclass(frozen=True)
class Wait:
    """What a script waits for: signals of these classes, at most that many seconds.

    `begin` sets off what it waits for; it is given a way to deliver the signal.
    """

    seconds: float | None
    wants: tuple[type[Signal], ...] = ()
    begin: Callable[[Callable[[Signal], None]], None] | None = None


T = TypeVar("T")
Script = Generator[Wait, Signal, T]


def wait_for(seconds: float | None, *wants: type[Signal]) -> Script[Signal]:
    """Wait for one of the signals; `seconds` None waits for ever. Returns the signal or TimeUp."""
    return (yield Wait(seconds, wants))


class Process:
    """Runs one script on the engine, from start to end."""

    def __init__(
        self,
        engine: Engine,
        script: Script[None],
        on_end: Callable[[], None] = lambda: None,
    ) -> None:
        self._engine = engine
        self._script = script
        self._on_end = on_end
        self._wait: Wait | None = None
        self._timer: Event | None = None
        self.over = False

    def start(self) -> None:
        self._step(lambda: next(self._script))

    def deliver(self, signal: Signal) -> None:
        """Give the script a signal; it is lost when the script does not wait for such a one."""
        if inspect.getgeneratorstate(self._script) == inspect.GEN_RUNNING:
            self._engine.soon(lambda: self.deliver(signal))
            return
        if self._wait is not None and isinstance(signal, self._wait.wants):
            self._step(lambda: self._script.send(signal))

    def interrupt(self, reason: Interrupted) -> None:
        """Throw a reason to stop into the script."""
        if self.over:
            return
        if inspect.getgeneratorstate(self._script) == inspect.GEN_RUNNING:
            self._engine.soon(lambda: self.interrupt(reason))
            return
        self._step(lambda: self._script.throw(reason))

    def _time_up(self) -> None:
        self._step(lambda: self._script.send(TimeUp()))

    def _step(self, resume: Callable[[], Wait]) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._wait = self._timer = None
        try:
            self._wait = resume()
        except (StopIteration, Interrupted):
            self.over = True
            self._on_end()
            return
        if self._wait.seconds is not None:
            self._timer = self._engine.after(max(0.0, self._wait.seconds), self._time_up)
        if self._wait.begin is not None:
            self._wait.begin(self.deliver)
