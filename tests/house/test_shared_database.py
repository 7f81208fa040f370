"""The one database of the tests is left as it was, whoever comes late."""

import pytest
from sqlalchemy import Engine, text

from mentoring.crypto import Vault
from mentoring.programme import Programme
from tests.databases import rolled_back


def test_a_request_that_comes_after_its_test_leaves_no_transaction_open(
    engine: Engine, vault: Vault, programme: Programme
) -> None:
    with rolled_back(engine, vault, programme) as first:
        pass
    with pytest.raises(RuntimeError, match="ended"), first.transaction():
        pass
    with rolled_back(engine, vault, programme) as second, second.transaction() as session:
        assert session.execute(text("SELECT 1")).scalar() == 1
