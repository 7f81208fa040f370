"""What happens when a machine lacks something: a counted skip, but a failure under CI."""

import os
from typing import NoReturn

import pytest


def under_ci() -> bool:
    """Tell whether this is the build machine, where everything must be there."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def absent(reason: str) -> NoReturn:
    """End the test for lack of something that the machine should have; say what in one sentence."""
    if under_ci():
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
