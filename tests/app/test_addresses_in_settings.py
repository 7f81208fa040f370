"""Addresses of a database or a broker that could never work are refused at once, in a sentence."""

import pytest

from app.settings import SettingsError, read_settings

SECRET = "hunter2-is-a-secret"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DATABASE_URL", "sqlite://", "must name a file"),
        ("DATABASE_URL", "sqlite:///:memory:", "must name a file"),
        ("DATABASE_URL", "sqlite:///file::memory:?uri=true", "must name a file"),
        ("DATABASE_URL", "sqlite:///file:line?mode=memory&uri=true", "must name a file"),
        ("DATABASE_URL", f"postgresql://u:{SECRET}@h:abc/d", "must give a number as the port"),
        ("DATABASE_URL", f"postgresql://u:p@h:{SECRET}/d", "must give a number as the port"),
        ("REDIS_URL", "redis://h:port/0", "must be a whole address, with a number as its port"),
        ("REDIS_URL", f"redis://:{SECRET}#x@h/0", "must be a whole address"),
        ("REDIS_URL", "redis://h:99999/0", "must be a whole address"),
        ("REDIS_URL", "redis:// x", "must be an address without spaces"),
        ("REDIS_URL", "redis://h/broker", "must end with the number of a database, such as /0"),
        # The broker's client knows no such address, though the plain client of Redis does.
        ("REDIS_URL", "unix:///run/redis.sock", "must start with redis:// or rediss://"),
    ],
)
def test_an_address_that_can_never_work_is_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert str(refused.value).startswith(f"{name} {said}")
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "sqlite:////srv/memory/line.db"),
        ("DATABASE_URL", "postgresql://bridgeline:secret@127.0.0.1:5432/bridgeline"),
        ("DATABASE_URL", "postgresql:///bridgeline?host=/run/postgresql"),
        ("REDIS_URL", "redis://:secret@10.0.0.5:6379/0"),
        ("REDIS_URL", "rediss://h/3?ssl_cert_reqs=required"),
        ("REDIS_URL", "redis://h"),
    ],
)
def test_an_address_that_can_work_is_taken_as_it_is(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert getattr(read_settings(), name) == value


@pytest.mark.parametrize("country", ["USA", "UK", "ZZ", "U"])
def test_a_country_is_named_by_its_two_letters(
    monkeypatch: pytest.MonkeyPatch, country: str
) -> None:
    monkeypatch.setenv("COUNTRY", country)
    with pytest.raises(SettingsError, match="must be a country code of two letters"):
        read_settings()
