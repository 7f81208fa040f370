"""The signature on every webhook: HMAC-SHA1 over the address and the sorted form parameters."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from urllib.parse import urlsplit, urlunsplit


def signed_address(url: str, *, voice: bool) -> str:
    """Return the form of an address that is signed.

    Fragment and user information never count. HTTPS addresses of voice lose their port, those
    of messaging keep it, and plain HTTP always keeps it. The rest stays byte for byte.
    """
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    if voice and parts.scheme == "https" and not host.endswith("]"):
        host = host.rpartition(":")[0] or host
    return urlunsplit(parts._replace(netloc=host, fragment=""))


def signature(token: str, address: str, params: Iterable[tuple[str, str]] = ()) -> str:
    """Return the base64 signature for an address and the form parameters sent with it.

    A repeated name counts once for each different value, in sorted order.
    """
    values: dict[str, set[str]] = {}
    for name, value in params:
        values.setdefault(name, set()).add(value)
    data = address + "".join(
        name + value for name in sorted(values) for value in sorted(values[name])
    )
    digest = hmac.new(token.encode(), data.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()
