"""What goes wrong on the way to Twilio and back, turned into CarrierError without any number."""

from collections.abc import Callable
from typing import TypeVar

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from urllib3.exceptions import NewConnectionError

from telephony.carrier import CarrierError
from telephony.reactions import reaction_for, reaction_in

NOT_FOUND = 20404

Result = TypeVar("Result")


def ask(what: str, call: Callable[[], Result]) -> Result:
    """Run one request, and turn whatever the client raises into a CarrierError.

    It is raised outside of the handler on purpose: a chained exception would carry the numbers
    in its address and message into the first traceback that is logged.
    """
    try:
        return call()
    except (TwilioException, requests.RequestException, ValueError) as error:
        failure = _carrier_error(what, error)
    raise failure


def known(what: str, call: Callable[[], Result]) -> Result | None:
    """Run one request, answering None when the carrier does not know what it is about."""
    try:
        return ask(what, call)
    except CarrierError as error:
        if error.code in (NOT_FOUND, 404):
            return None
        raise


def _carrier_error(what: str, error: Exception) -> CarrierError:
    if isinstance(error, (TwilioRestException, TwilioServiceException)):
        return _refused(what, whole(error.code), int(error.status))
    status = getattr(error.args[-1], "status_code", None) if error.args else None
    if isinstance(error, TwilioException) and status is not None:
        return _refused(what, int(status), int(status))
    if isinstance(error, requests.RequestException) and not isinstance(error, ValueError):
        never_left = _never_left(error)
        return CarrierError(
            f"The carrier could not be reached to {what} ({type(error).__name__}).",
            reaction=reaction_in("unreachable"),
            processed="no" if never_left else "maybe",
        )
    return CarrierError(
        f"The carrier's answer made no sense when asked to {what} ({type(error).__name__}).",
        reaction=reaction_for(502),
        processed="maybe",
    )


def _refused(what: str, code: int | None, status: int) -> CarrierError:
    """Build the error for an answer with a status: only a fault of the carrier's is a "maybe"."""
    shown = "" if code is None or code == status else f", code {code}"
    return CarrierError(
        f"The carrier answered {status}{shown} when asked to {what}.",
        code=code,
        reaction=reaction_for(code, status),
        processed="maybe" if status >= 500 and status != 503 else "no",
    )


def _never_left(error: requests.RequestException) -> bool:
    """Tell whether a connection was never made, so that nothing can have been processed."""
    if isinstance(error, (requests.ConnectTimeout, requests.exceptions.SSLError)):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError)


def whole(value: object) -> int | None:
    """Return a number that the wire carries as a string, or None when it is none."""
    try:
        return int(str(value))
    except ValueError:
        return None
