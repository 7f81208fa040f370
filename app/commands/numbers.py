"""`bridgeline numbers`: our lines as the carrier has them, and the addresses it asks."""

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import select

from app.commands.desk import Desk
from app.commands.menu import Menu
from app.tables import Reply, Table
from mentoring.db import Database
from mentoring.errors import ProgrammeError
from mentoring.lines import add_line, note_check
from mentoring.models import Line, LineKind
from telephony.addresses import STATIC_TEXT, STATIC_VOICE, hooks
from telephony.carrier import Carrier, CarrierNumber, NumberHooks
from telephony.fallback import spoken_fallback, texted_fallback, thanks_for_message

_THIS_MACHINE = ("localhost", "127.0.0.1", "::1", "0.0.0.0")  # noqa: S104


def add_to(menu: Menu) -> None:
    """Add the group of commands about numbers at the carrier."""
    group = menu.group("numbers", "our numbers at the carrier", lists=True)
    group.command("list", "list every number of the carrier's account", list_numbers)
    sync = group.command("sync", "point every line of ours here", sync_numbers)
    sync.add_argument("--dry-run", action="store_true", help="only say what would be changed")
    fallback = group.command(
        "fallback", "write what a static host says when this machine is down", write_fallback
    )
    fallback.add_argument("folder", metavar="FOLDER", help="where the three files go")


@dataclass(frozen=True)
class Standing:
    """One line of ours at the carrier. `fault` is a sentence when it cannot work as it is."""

    number: str
    kind: LineKind
    found: CarrierNumber | None
    wanted: NumberHooks

    @property
    def points_here(self) -> bool:
        """Whether the carrier asks our addresses about this number."""
        return self.found is not None and self.found.hooks == self.wanted

    @property
    def fault(self) -> str:
        """What no setting of ours can cure, or an empty text."""
        if self.found is None:
            return "The carrier's account has no such number."
        missing = [
            word
            for word, able in (("calls", self.found.voice), ("texts", self.found.sms))
            if not able
        ]
        if missing:
            return f"This number cannot do {' and '.join(missing)}."
        return self.found.problem or ""


def wanted_hooks(desk: Desk) -> NumberHooks:
    """Return the addresses that every line must have at the carrier.

    Raises ProgrammeError when a real carrier could not reach them.
    """
    ours = desk.settings
    if desk.is_live:
        _refuse_out_of_reach("PUBLIC_BASE_URL", ours.PUBLIC_BASE_URL, of="this service")
    if desk.is_live and ours.FALLBACK_BASE_URL:
        _refuse_out_of_reach("FALLBACK_BASE_URL", ours.FALLBACK_BASE_URL, of="the static host")
    return hooks(ours.PUBLIC_BASE_URL, ours.FALLBACK_BASE_URL)


def _refuse_out_of_reach(name: str, value: str, *, of: str) -> None:
    address = urlsplit(value)
    if address.scheme != "https" or address.hostname in _THIS_MACHINE:
        raise ProgrammeError(
            f"{name} is {value}, which the carrier cannot reach safely."
            f" Set it to the public https address of {of}."
        )


def lines_in_use(database: Database) -> Mapping[str, LineKind]:
    """Return the lines that are not retired."""
    with database.transaction() as session:
        lines = session.scalars(
            select(Line).where(Line.retired_at.is_(None)).order_by(Line.kind, Line.number)
        )
        return {line.number: line.kind for line in lines}


def standings(
    lines: Mapping[str, LineKind], carrier: Carrier, wanted: NumberHooks
) -> list[Standing]:
    """Compare our lines with what the carrier has; one question to the carrier."""
    at_carrier = {number.number: number for number in carrier.numbers()}
    return [
        Standing(number, kind, at_carrier.get(number), wanted) for number, kind in lines.items()
    ]


def list_numbers(desk: Desk, args: Namespace) -> Reply:
    """List every number of the account: what it can do, whose it is, whether it points here."""
    del args
    lines = lines_in_use(desk.database())
    wanted = wanted_hooks(desk)
    rows = [
        (
            number.number,
            lines[number.number].value if number.number in lines else None,
            number.voice,
            number.sms,
            number.hooks == wanted,
            number.sid,
            number.problem,
        )
        for number in sorted(desk.carrier().numbers(), key=lambda n: n.number)
    ]
    return Table(
        ("number", "our line", "calls", "texts", "points here", "carrier id", "problem"),
        rows,
        empty="The carrier's account has no number. Buy one for calls and texts first.",
    )


def sync_numbers(desk: Desk, args: Namespace) -> Reply:
    """Set the addresses of every line that does not point here. Exit code 1 if one has a fault."""
    database = desk.database()
    carrier = desk.carrier()
    found = standings(lines_in_use(database), carrier, wanted_hooks(desk))
    rows = [
        (s.number, s.kind.value, _point_here(carrier, s, dry_run=args.dry_run), s.fault)
        for s in found
    ]
    if not args.dry_run:
        _remember(desk, database, found)
    return Table(
        ("number", "line", "addresses", "fault"),
        rows,
        empty="There is no line yet. `bridgeline lines add NUMBER --main` adds the first.",
        failed=any(s.fault for s in found),
    )


_LEFT_FILE = "fallback-left.xml"


def write_fallback(desk: Desk, args: Namespace) -> Reply:
    """Write the fallback documents: the name, languages and numbers of today stand in them."""
    programme = desk.database().programme
    folder = Path(args.folder)
    documents = {
        # A static host takes no POST.
        STATIC_VOICE: spoken_fallback(programme, then=_LEFT_FILE, method="GET"),
        _LEFT_FILE: thanks_for_message(programme),
        STATIC_TEXT: texted_fallback(programme),
    }
    for name, document in documents.items():
        try:
            (folder / name).write_text(document, "utf-8")
        except OSError as error:
            raise ProgrammeError(f"{folder / name}: {error.strerror}.") from None
    return Table(
        ("file", "names"),
        [(str(folder / name), programme.crisis_numbers_for("").emergency) for name in documents],
        empty="",
    )


def _point_here(carrier: Carrier, standing: Standing, *, dry_run: bool) -> str:
    if standing.found is None:
        return "not set"
    if standing.points_here:
        return "right already"
    if dry_run:
        return "would be set"
    carrier.point_number(standing.found.sid, standing.wanted)
    return "set"


def _remember(desk: Desk, database: Database, found: list[Standing]) -> None:
    """Keep the carrier's ids and what it said of each line, for the page about the lines."""
    with database.transaction() as session:
        for standing in found:
            if standing.found is not None:
                add_line(
                    session,
                    standing.number,
                    standing.kind,
                    now=desk.now,
                    carrier_sid=standing.found.sid,
                )
            note_check(session, standing.number, fault=standing.fault, now=desk.now)
