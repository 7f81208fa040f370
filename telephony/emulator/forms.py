"""Reading the parameters of REST requests strictly, and saying no the way the carrier does."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, time, timedelta
from urllib.parse import urlsplit

from telephony.emulator.debugger import Debugger


class RestError(Exception):
    """A request is refused: the carrier's code, a sentence, and the HTTP status."""

    def __init__(self, code: int, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status

    def body(self) -> dict[str, object]:
        """Return the error as the carrier's JSON shows it."""
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


def not_found(what: str) -> RestError:
    return RestError(20404, f"The requested resource {what} was not found", 404)


class Fields:
    """The parameters of one request; repeated names keep all their values."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def warn_unknown(self, known: Collection[str], debugger: Debugger, where: str) -> None:
        """Put every name that the operation does not have into the debugger.

        The real interface drops such names in silence, and a misspelt callback is never called.
        """
        for name in self._values:
            if name not in known:
                debugger.warning(20001, f"Unknown parameter {name!r} in {where}.")

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str, default: str = "") -> str:
        return self._values[name][-1] if name in self._values else default

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(self._values.get(name, ()))

    def whole(self, name: str, default: int, low: int, high: int) -> int:
        """Return a whole number within limits. Raises RestError for anything else."""
        if name not in self._values:
            return default
        text = self.text(name)
        if not text.isdecimal() or not low <= int(text) <= high:
            raise RestError(20001, f"{name} must be a whole number from {low} to {high}.")
        return int(text)

    def flag(self, name: str) -> bool:
        """Return a truth value. Raises RestError for anything but true and false."""
        text = self.text(name, "false").lower()
        if text not in ("true", "false"):
            raise RestError(20001, f"{name} must be true or false.")
        return text == "true"

    def choice(self, name: str, allowed: Iterable[str], default: str) -> str:
        """Return one of the allowed words. Raises RestError for any other."""
        text = self.text(name, default)
        if text and text not in allowed:
            raise RestError(20001, f"{name} must be one of {', '.join(allowed)}.")
        return text

    def method(self, name: str) -> str:
        return self.choice(name, ("GET", "POST"), "POST")

    def url(self, name: str, code: int) -> str:
        """Return an absolute URL or nothing. Raises RestError with that code for anything else."""
        text = self.text(name)
        if text and (urlsplit(text).scheme not in ("http", "https") or not urlsplit(text).hostname):
            raise RestError(code, f"{name} is not a valid URL.")
        return text

    def within(self, name: str, moment: datetime) -> bool:
        """Tell whether a moment passes the filters `name`, `name<` and `name>`.

        Each takes a day, which is its first midnight, or a moment; both ends count. A day alone
        means all of that day.
        """
        exact, before, after = self.text(name), self.text(f"{name}<"), self.text(f"{name}>")
        if exact and not _start(exact) <= moment < _end(exact):
            return False
        if before and moment > _start(before):
            return False
        return not after or moment >= _start(after)


def _start(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise RestError(20001, f"{text!r} is not a date.") from None
    return moment if moment.tzinfo is not None else datetime.fromisoformat(f"{moment}+00:00")


def _end(text: str) -> datetime:
    """Return the first moment after the day, or after the very second, that was named.

    The official client writes a day as its midnight.
    """
    start = _start(text)
    midnight = start.time() == time()
    return start + (timedelta(days=1) if midnight else timedelta(seconds=1))
