"""Mishaps on demand: what a real carrier and a real network do now and then, made repeatable."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

WebhookFault = Literal["duplicate", "drop", "reorder", "delay", "refuse"]
RestFault = Literal["error", "close"]
Matcher = str | Callable[[str, dict[str, str]], bool] | None

# A request is refused, and a text overtakes the answer to its creation, more rarely than a webhook
# is disturbed: in chaos at this share of its rate.
_RARELY = 0.2
_USUAL_CODES = {401: 20003, 429: 20429, 500: 20500, 503: 20503}


@dataclass
class PlannedWebhook:
    """A mishap waiting for the next webhook that matches it."""

    kind: WebhookFault
    match: Matcher
    times: int
    seconds: float = 0.0

    def fits(self, url: str, params: dict[str, str], *, awaited: bool) -> bool:
        """Tell whether this mishap can befall that webhook.

        Only what nobody waits for can be overtaken.
        """
        if self.times <= 0 or (awaited and self.kind == "reorder"):
            return False
        if self.match is None:
            return True
        if isinstance(self.match, str):
            return self.match in url
        return self.match(url, params)


@dataclass
class PlannedRest:
    """A mishap waiting for the next REST request that matches it.

    `processed` tells whether the request takes effect before the answer goes wrong.
    """

    kind: RestFault
    match: str
    times: int
    status: int = 500
    code: int = 20500
    processed: bool = False


class Faults:
    """The mishaps planned for this emulator, and a seeded random mode.

    A `match` is a part of the URL, or a function of URL and parameters; None matches anything.
    """

    def __init__(self) -> None:
        self._webhooks: list[PlannedWebhook] = []
        self._rest: list[PlannedRest] = []
        self._early_callbacks = 0
        self._chaos: random.Random | None = None
        self._rate = 0.0

    def duplicate(self, match: Matcher = None, times: int = 1) -> None:
        """Send the next matching webhooks twice, with the same idempotency token."""
        self._webhooks.append(PlannedWebhook("duplicate", match, times))

    def drop(self, match: Matcher = None, times: int = 1) -> None:
        """Lose the next matching webhooks on the way."""
        self._webhooks.append(PlannedWebhook("drop", match, times))

    def reorder(self, match: Matcher = None, times: int = 1) -> None:
        """Let the next matching status callbacks be overtaken by the one that follows."""
        self._webhooks.append(PlannedWebhook("reorder", match, times))

    def delay(self, seconds: float, match: Matcher = None, times: int = 1) -> None:
        """Send the next matching webhooks that many seconds late."""
        self._webhooks.append(PlannedWebhook("delay", match, times, seconds))

    def refuse_first_try(self, match: Matcher = None, times: int = 1) -> None:
        """Let the first attempt to connect fail, so that the carrier's own retry has to do."""
        self._webhooks.append(PlannedWebhook("refuse", match, times))

    def early_callback(self, times: int = 1) -> None:
        """Deliver a text and its status callbacks before the create request is answered."""
        self._early_callbacks += times

    def rest_error(
        self,
        status: int,
        *,
        code: int | None = None,
        match: str = "",
        times: int = 1,
        processed: bool = False,
    ) -> None:
        """Answer the next REST requests with that HTTP status (429, 500, 503 ...).

        `code` is the carrier's own: 20003 for a wrong login, 21608 for a trial account; left out,
        it is the usual one of that status.
        """
        own = _USUAL_CODES.get(status, status) if code is None else code
        self._rest.append(PlannedRest("error", match, times, status, own, processed))

    def rest_silence(self, *, match: str = "", times: int = 1, processed: bool = True) -> None:
        """Close the connection of the next REST requests without an answer.

        As after a time-out, the request may have been carried out: `processed` says so.
        """
        self._rest.append(PlannedRest("close", match, times, processed=processed))

    def chaos(self, seed: int, rate: float) -> None:
        """From now on disturb that share (0 to 1) of the webhooks at random, repeatably.

        What somebody waits for is only doubled or delayed; status callbacks are also overtaken
        and lost. REST requests are refused, carried out or not, and texts arrive early, a fifth as
        often.
        """
        self._chaos = random.Random(seed)  # noqa: S311 - repeatable mishaps, no secret
        self._rate = rate

    def calm(self) -> None:
        """Forget every plan and stop the random mode."""
        self._webhooks.clear()
        self._rest.clear()
        self._early_callbacks = 0
        self._chaos = None

    def take_webhook(
        self, url: str, params: dict[str, str], *, awaited: bool
    ) -> tuple[WebhookFault | None, float]:
        """Return what goes wrong with this webhook, with seconds of delay."""
        for plan in self._webhooks:
            if plan.fits(url, params, awaited=awaited):
                plan.times -= 1
                return plan.kind, plan.seconds
        if self._chaos is None or not self._befalls(self._chaos):
            return None, 0.0
        mild: list[WebhookFault] = ["duplicate", "delay"]
        harsh: list[WebhookFault] = [*mild, "drop", "reorder"]
        return self._chaos.choice(mild if awaited else harsh), self._chaos.uniform(0.5, 8.0)

    def take_rest(self, path: str) -> PlannedRest | None:
        """Return what goes wrong with this REST request, or None."""
        for plan in self._rest:
            if plan.times > 0 and plan.match in path:
                plan.times -= 1
                return plan
        if self._chaos is None or not self._befalls(self._chaos, _RARELY):
            return None
        return self._chaos.choice(
            [
                # Whoever asks too often is refused before anything is done.
                PlannedRest("error", path, 0, 429, _USUAL_CODES[429]),
                *(PlannedRest("error", path, 0, processed=done) for done in (False, True)),
                *(PlannedRest("close", path, 0, processed=done) for done in (False, True)),
            ]
        )

    def take_early_callback(self) -> bool:
        """Tell whether the text that is being created has to arrive before the answer."""
        if self._early_callbacks > 0:
            self._early_callbacks -= 1
            return True
        return self._chaos is not None and self._befalls(self._chaos, _RARELY)

    def _befalls(self, chaos: random.Random, share: float = 1.0) -> bool:
        return chaos.random() < self._rate * share
