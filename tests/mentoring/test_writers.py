"""Several writers at once, in threads and processes: nothing is lost and nobody is kept out."""

import os
import subprocess
import sys

from sqlalchemy import Engine, func, select

from mentoring.db import Database, Session
from mentoring.models import (
    Line,
    LineKind,
    Receipt,
)
from tests.make import (
    NOW,
    all_at_once,
    another_process,
    make_lines,
)
from tests.tree import ROOT


def count_receipts(db: Database) -> int:
    with db.transaction() as session:
        return session.scalar(select(func.count()).select_from(Receipt)) or 0


def write(session: Session, key: str) -> None:
    session.add(Receipt(key=key, at=NOW))
    session.flush()


def test_many_threads_write_at_the_same_time_and_lose_nothing(real_db: Database) -> None:
    def work(name: str) -> None:
        for step in range(10):
            with real_db.transaction() as session:
                write(session, f"{name}:{step}")

    outcomes = all_at_once(*(lambda name=name: work(name) for name in "abcdef"))

    assert outcomes == [None] * 6
    assert count_receipts(real_db) == 60


def test_two_processes_write_at_the_same_time_and_lose_nothing(real_db: Database) -> None:
    def work(db: Database, name: str) -> None:
        for step in range(15):
            with db.transaction() as session:
                seen = session.scalar(select(func.count()).select_from(Receipt))
                write(session, f"{name}:{step}:{seen}")

    with another_process(real_db) as other:
        outcomes = all_at_once(lambda: work(real_db, "a"), lambda: work(other, "b"))

    assert outcomes == [None, None]
    assert count_receipts(real_db) == 30


_HOLDER = """
import sys
from mentoring.crypto import Vault
from mentoring.db import Database, make_engine
from mentoring.models import Receipt
from mentoring.programme import Programme
from tests.make import NOW

vault = Vault({1: b"1" * 32}, b"i" * 32)
with Database(make_engine(sys.argv[1]), vault=vault, programme=Programme()).transaction() as held:
    held.add(Receipt(key="never committed", at=NOW))
    held.flush()
    print("inside", flush=True)
    sys.stdin.readline()
"""


def test_a_process_killed_in_its_transaction_keeps_nobody_out(real_db: Database) -> None:
    assert isinstance(real_db.bind, Engine)
    url = real_db.bind.url.render_as_string(hide_password=False)
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDER, url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "inside\n"
        holder.kill()
    with real_db.transaction() as session:
        write(session, "after")
    assert count_receipts(real_db) == 1


def test_a_reader_that_becomes_a_writer_is_not_refused(real_db: Database) -> None:
    # On SQLite this is where a deferred transaction would say "database is locked".
    def add_one(db: Database) -> None:
        with db.transaction() as session:
            row = session.scalars(
                select(Line).where(Line.kind == LineKind.MAIN).with_for_update()
            ).one()
            row.carrier_sid = str(int(row.carrier_sid or 0) + 1)

    with real_db.transaction() as session:
        make_lines(session, 0)
    with another_process(real_db) as other:
        all_at_once(*(lambda db=db: add_one(db) for db in (real_db, other) * 5))
    with real_db.transaction() as session:
        assert session.scalars(select(Line.carrier_sid)).one() == "10"
