"""The words that one can type after `bridgeline`: groups, actions, and who answers them."""

from argparse import ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Callable, Sequence

from app.commands.desk import Desk
from app.tables import Reply

# None means that everything was said already.
Run = Callable[[Desk, Namespace], Reply | None]
# A programme reads its own words and returns its exit code.
Programme = Callable[[Sequence[str]], int]

# `bridgeline people` means `bridgeline people list`.
DEFAULT_ACTION = "list"


class Menu:
    """One level of commands, in the order in which they were added."""

    def __init__(self, parser: ArgumentParser) -> None:
        self._below: _SubParsersAction[ArgumentParser] = parser.add_subparsers(
            metavar="COMMAND", required=True
        )
        self._with_default: set[str] = set()
        self._programmes: dict[str, Programme] = {}

    def command(self, name: str, help_text: str, run: Run) -> ArgumentParser:
        """Add a command with `--json`; the caller adds its arguments to what this returns."""
        parser = self._below.add_parser(name, help=help_text, description=help_text)
        parser.add_argument("--json", action="store_true", help="print JSON for machines")
        parser.set_defaults(run=run, parser=parser)
        return parser

    def group(self, name: str, help_text: str, *, lists: bool) -> "Menu":
        """Add a group; with `lists` the group's name alone means its list."""
        if lists:
            self._with_default.add(name)
        return Menu(self._below.add_parser(name, help=help_text, description=help_text))

    def programme(self, name: str, help_text: str, programme: Programme) -> None:
        """Add a programme of its own, which reads the rest of the words itself."""
        self._below.add_parser(name, help=help_text, add_help=False)
        self._programmes[name] = programme

    def programme_of(self, words: Sequence[str]) -> Programme | None:
        """Return the programme that the words ask for, if they do."""
        return self._programmes.get(words[0]) if words else None

    def complete(self, words: Sequence[str]) -> list[str]:
        """Return the words with the default action of their group put in where none was typed."""
        if not words or words[0] not in self._with_default:
            return list(words)
        following = words[1] if len(words) > 1 else "-"
        if following.startswith("-") and following not in ("-h", "--help"):
            return [words[0], DEFAULT_ACTION, *words[1:]]
        return list(words)
