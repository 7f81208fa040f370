"""What one form of the page is: where it stands, and what two people type into it at once."""

from dataclasses import dataclass, field

from tests.admin.conftest import Screen
from tests.admin.filled_in import filled_in

MEANWHILE = "Somebody else has changed this meanwhile, and nothing was written."
Fields = dict[str, str]


@dataclass(frozen=True)
class Form:
    """One form. `page` is where it stands; `to` where it is sent, unless that is the page itself.

    `first` is typed by the first of the two, `second` by the other one, who reads `told` then;
    without a `second` both send the same. `after` are the forms that somebody has sent before, so
    that there is something to do.
    """

    rule: str
    page: str
    told: str
    first: Fields = field(default_factory=dict)
    second: Fields | None = None
    to: str = ""
    after: tuple[str, ...] = ()

    def address(self, at: Fields) -> str:
        """Return where it is sent."""
        return (self.to or self.page).format(**at)

    def opened(self, screen: Screen, at: Fields) -> dict[str, list[str]]:
        """Open its page, and return what stands in it."""
        screen.opens(self.page.format(**at))
        return filled_in(screen, self.address(at))
