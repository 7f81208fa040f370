"""Requests to the application: scheduled, disturbed on demand, retried where the carrier does."""

import time
from collections.abc import Callable

from telephony.emulator.faults import Faults
from telephony.emulator.transport import Hook, Overrides, Reply, Transport

_OVERTAKEN_AT_LAST = 60.0


class Webhooks:
    """Sends hooks to the application, and only there."""

    def __init__(self, transport: Transport, faults: Faults, read_timeout: float) -> None:
        self._engine = transport.engine
        self._store = transport.store
        self._debugger = transport.debugger
        self._transport = transport
        self._faults = faults
        self._read_timeout = read_timeout
        self._overtaken: list[Hook] = []

    # -- sending ----------------------------------------------------------------------------

    def send(self, hook: Hook, on_reply: Callable[[Reply], None] | None = None) -> None:
        """Schedule a hook for now; `on_reply` is called under the lock with what came back."""
        fault, delay = (
            (None, 0.0)
            if hook.file
            else self._faults.take_webhook(hook.url, dict(hook.params), awaited=hook.awaited)
        )
        if fault == "reorder" and not hook.awaited:
            self._overtaken.append(hook)
            self._engine.after(_OVERTAKEN_AT_LAST, self._release_overtaken)
            return
        if fault == "drop":
            self._lose(hook, on_reply)
            return
        self._schedule(
            hook,
            on_reply,
            delay=delay if fault == "delay" else 0.0,
            twice=fault == "duplicate",
            refused=fault == "refuse",
        )
        if not hook.awaited:
            self._release_overtaken()

    def send_now(self, hook: Hook) -> None:
        """Send a hook at once from this thread. The caller must not hold the engine's lock."""
        self._exchange(hook, None, refused=False)

    def _release_overtaken(self) -> None:
        held, self._overtaken = self._overtaken, []
        for hook in held:
            self._schedule(hook, None)

    def _lose(self, hook: Hook, on_reply: Callable[[Reply], None] | None) -> None:
        if on_reply is not None:
            lost = Reply(hook.url, error=(11200, "No answer came in time."), failure="rt")
            self._engine.after(self._read_timeout, lambda: on_reply(lost))

    def _schedule(
        self,
        hook: Hook,
        on_reply: Callable[[Reply], None] | None,
        *,
        delay: float = 0.0,
        twice: bool = False,
        refused: bool = False,
    ) -> None:
        token = self._new_token()

        def run() -> None:
            if twice:
                self._exchange(hook, None, token=token, refused=False)
            self._exchange(hook, on_reply, token=token, refused=refused)

        self._engine.after(delay, run, locked=False)

    def _new_token(self) -> str:
        bits = f"{self._store.random.getrandbits(128):032x}"
        return "-".join((bits[:8], bits[8:12], bits[12:16], bits[16:20], bits[20:]))

    # -- one exchange: all tries of one hook ----------------------------------------------------

    def _exchange(
        self,
        hook: Hook,
        on_reply: Callable[[Reply], None] | None,
        *,
        token: str = "",
        refused: bool,
    ) -> None:
        reply = self._tries(hook, token or self._new_token(), refused=refused)
        with self._engine.lock:
            self._engine.version += 1
            if on_reply is not None:
                on_reply(reply)
            elif not hook.awaited:
                self._judge_callback(hook, reply)

    def _judge_callback(self, hook: Hook, reply: Reply) -> None:
        if reply.error is not None and reply.status is None:
            self._debugger.error(reply.error[0], f"{reply.error[1]} {hook.url}", hook.sid)
        elif reply.status is None or not 200 <= reply.status < 300:
            self._debugger.warning(
                15003, f"A status callback was answered with {reply.status}: {hook.url}", hook.sid
            )

    def _tries(self, hook: Hook, token: str, *, refused: bool) -> Reply:
        options = Overrides.of(hook.url, self._read_timeout)
        began = time.monotonic()
        for attempt in range(options.retries + 1):
            if refused and attempt == 0:
                reply = Reply(hook.url, error=(11205, "The connection failed."), failure="ct")
            else:
                reply = self._transport.follow(hook, token, options)
            spent = time.monotonic() - began
            if reply.failure not in options.failures or spent >= options.total:
                break
        return reply
