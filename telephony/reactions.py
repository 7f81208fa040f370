"""What to do about each of the carrier's errors. The table itself is data: reactions.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

# The carrier's own codes start here; whatever is lower is the HTTP status of a gateway's page.
_FIRST_CODE = 10_000


class ReactionName(StrEnum):
    """What happens to the delivery, the number or the set-up when no retry is left."""

    NUMBER_INVALID = "number_invalid"
    LANDLINE = "landline"
    CHECK_LINE = "check_line"
    OPTED_OUT = "opted_out"
    CHECK_HANDSET = "check_handset"
    BLOCKED = "blocked"
    SPAM_FILTERED = "spam_filtered"
    CONFIG_ALERT = "config_alert"
    RETRY_SOON = "retry_soon"
    RETRY_LATER = "retry_later"
    RETRY_ONCE = "retry_once"
    WAIT_WINDOW = "wait_window"
    EXPIRED = "expired"
    ENDED = "ended"
    DROP = "drop"


@dataclass(frozen=True)
class Reaction:
    """What one error calls for. `staff_words` say what happened and what to do next.

    With `whole_account` it is not about this text or number: no other would fare better.
    """

    name: ReactionName
    permanent: bool
    retry_after: timedelta | None
    max_retries: int
    staff_words: str
    whole_account: bool = False

    def wait_before(self, retry: int) -> timedelta | None:
        """Return how long to wait before the first, second ... retry; None when none is left.

        Each wait is twice the one before. Whoever sends many at once spreads them a little, so that
        refused requests do not all come back together.
        """
        if self.retry_after is None or not 1 <= retry <= self.max_retries:
            return None
        return self.retry_after * (1 << (retry - 1))


class ReactionTable:
    """The rules of one reactions file. Raises ValueError when the file contradicts itself."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.codes = _keyed(data["rule"], "codes")
        self.statuses = _keyed(data["http"], "statuses")
        self.families = {entry["digits"]: _reaction(entry) for entry in data["family"]}
        self.situations = {name: _reaction(entry) for name, entry in data["situation"].items()}
        if misplaced := [code for code in self.codes if code < _FIRST_CODE]:
            raise ValueError(f"These are no codes of the carrier: {misplaced}.")

    def find(self, code: int | None, http_status: int | None) -> Reaction:
        """Return the reaction to a code; see reaction_for."""
        if code is not None and code in self.codes:
            return self.codes[code]
        if code is not None and code // 1000 in self.families:
            return self.families[code // 1000]
        status = code if code is not None and code < _FIRST_CODE else http_status
        if status is None:
            return self.situations["unknown"]
        if status not in self.statuses and status >= 500:
            return self.statuses[500]
        return self.statuses.get(status, self.situations["unknown"])


def _keyed(entries: list[dict[str, Any]], numbers: str) -> dict[int, Reaction]:
    found: dict[int, Reaction] = {}
    for entry in entries:
        for number in entry[numbers]:
            if number in found:
                raise ValueError(f"{number} stands in two rules of the reaction table.")
            found[number] = _reaction(entry)
    return found


def _reaction(entry: Mapping[str, Any]) -> Reaction:
    seconds, retries = entry.get("retry_after"), entry.get("max_retries", 0)
    if (seconds is None) != (retries == 0):
        raise ValueError(f"A retry needs both a wait and a number of times: {entry}.")
    return Reaction(
        name=ReactionName(entry["reaction"]),
        permanent=retries == 0,
        retry_after=None if seconds is None else timedelta(seconds=seconds),
        max_retries=retries,
        staff_words=entry["staff"],
        whole_account=entry.get("whole_account", False),
    )


TABLE = ReactionTable(tomllib.loads((Path(__file__).parent / "reactions.toml").read_text("utf-8")))


def reaction_for(code: int | None, http_status: int | None = None) -> Reaction:
    """Return what an error code of the carrier calls for, from an answer or a status callback.

    A code below 10000 is an HTTP status, as the official client reports a page that is no JSON.
    Unlisted codes go by family (21xxx final, 30xxx one later retry), then by `http_status`.
    """
    return TABLE.find(code, http_status)


def reaction_in(situation: str) -> Reaction:
    """Return what a situation without any code calls for; KeyError when the table has it not."""
    return TABLE.situations[situation]
