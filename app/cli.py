"""The `bridgeline` command: what a coordinator and an operator do, one word after the other.

Answers go to standard output, as plain tables or with `--json` as one document. What cannot be done
is said in one sentence on standard error. Exit codes: 0 done, 1 not done or a check failed, 2 the
words were wrong.
"""

import os
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import cache

from sqlalchemy.exc import DBAPIError

from app.commands import (
    alerts,
    consents,
    doctor,
    dues,
    keys,
    lines,
    log,
    matches,
    notes,
    numbers,
    people,
    playing,
    reports,
    staff,
    tasks,
    upkeep,
)
from app.commands.desk import Desk, UsageError, desk_for
from app.commands.menu import Menu
from app.demo_place import running_clock, running_settings
from app.settings import SettingsError, read_settings
from app.tables import Reply, render
from mentoring.clock import SystemClock
from mentoring.crypto import VaultError
from mentoring.errors import ProgrammeError
from telephony.carrier import CarrierError

_GROUPS = (
    *(people, consents, matches, dues, log, alerts, tasks, notes),
    *(reports, lines, numbers, staff, keys, upkeep, doctor, playing),
)


def main(words: Sequence[str] | None = None) -> int:
    """Run one command of the command line and return its exit code."""
    # A terminal without our signs still gets the answer.
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", lambda **_: None)(errors="replace")
    given = list(sys.argv[1:] if words is None else words)
    joins_demo = given[:1] == ["--demo"]
    try:
        return run(given[1:], demo_desk) if joins_demo else run(given, real_desk)
    except BrokenPipeError:
        # Whoever read along, such as `head`, has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130


def real_desk() -> AbstractContextManager[Desk]:
    """Return the desk that the environment's settings describe."""
    return desk_for(read_settings(), SystemClock())


def demo_desk() -> AbstractContextManager[Desk]:
    """Return a desk in the running demo: `bridgeline --demo ...`."""
    return desk_for(running_settings(), running_clock())


def run(words: Sequence[str], make_desk: Callable[[], AbstractContextManager[Desk]]) -> int:
    """Run one command at a desk; wrong words end the process with exit code 2."""
    parser, menu = _commands()
    if any(_is_garbled(word) for word in words):
        parser.error("One of these words is not written in UTF-8.")
    programme = menu.programme_of(words)
    if programme is not None:
        return programme(words[1:])
    args = parser.parse_args(menu.complete(words))
    try:
        with make_desk() as desk:
            reply: Reply | None = args.run(desk, args)
    except UsageError as error:
        args.parser.error(str(error))
    except (ProgrammeError, SettingsError, VaultError, CarrierError) as error:
        return _refuse(str(error))
    except DBAPIError as error:
        return _refuse(f"The database does not answer as it should: {_first_line(error)}")
    except OSError as error:
        return _refuse(f"{error.filename or 'A file'} cannot be used: {error.strerror}.")
    if reply is None:
        return 0
    print(render(reply, as_json=args.json))
    sys.stdout.flush()
    return 1 if reply.failed else 0


@cache
def _commands() -> tuple[ArgumentParser, Menu]:
    """Return the parser with all commands; to make it takes longer than most of them."""
    parser = ArgumentParser(prog="bridgeline", description="The mentoring line, for its staff.")
    menu = Menu(parser)
    for group in _GROUPS:
        group.add_to(menu)
    return parser, menu


def _is_garbled(word: str) -> bool:
    """Tell whether a word holds bytes that are no text, so that nothing could look it up."""
    return any("\ud800" <= sign <= "\udfff" for sign in word)


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


def _first_line(error: DBAPIError) -> str:
    """Return the driver's own words, without the statement and its parameters."""
    return str(error.orig).strip().splitlines()[0]


if __name__ == "__main__":
    sys.exit(main())
