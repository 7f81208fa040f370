"""What things cost: the rates of COSTS, from which E20 is worked out."""

from dataclasses import dataclass, fields
from decimal import Decimal

_MOST = 1_000_000


@dataclass(frozen=True)
class Rates:
    """Rates in one currency. `staff_hours_month` is how many hours staff give in a month."""

    minute: Decimal
    text: Decimal
    line_month: Decimal
    staff_hour: Decimal
    staff_hours_month: Decimal
    currency: str = "USD"


def read_rates(given: object) -> Rates:
    """Return rates from what JSON holds; raises ValueError with the end of a sentence."""
    if not isinstance(given, dict):
        raise ValueError('must be rates in JSON, such as {"minute": 0.014, "text": 0.0079}')
    amounts = {each.name for each in fields(Rates)} - {"currency"}
    unknown = given.keys() - amounts - {"currency"}
    if unknown:
        raise ValueError(f"names a rate that does not exist: {min(unknown)[:40]}")
    missing = amounts - given.keys()
    if missing:
        raise ValueError(f"must give every rate; {min(missing)} is missing")
    currency = given.get("currency", "USD")
    if not (isinstance(currency, str) and len(currency) == 3 and currency.isalpha()):
        raise ValueError("must name a currency by three letters, such as USD")
    found = {name: _amount(name, given[name]) for name in amounts}
    return Rates(**found, currency=currency.upper())


def _amount(name: str, value: object) -> Decimal:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    # What is written in JSON is meant as written: 0.014 is no binary fraction.
    amount = Decimal(str(value)) if is_number else Decimal("NaN")
    if not 0 <= (amount if amount.is_finite() else Decimal(-1)) <= _MOST:
        raise ValueError(f"must give a number from 0 to {_MOST} for {name}")
    return amount
