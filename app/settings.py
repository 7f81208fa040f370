"""Everything that an operator can set, read once from the environment: docs/settings.md.

A wrong value stops the start with one sentence that names the setting: `SettingsError`.
"""

import json
import re
from dataclasses import fields
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import SplitResult, urlsplit

from phonenumbers import SUPPORTED_REGIONS
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from mentoring.clock import zone_named
from mentoring.crypto import Vault, vault_from_file, vault_from_text
from mentoring.flows.catalog import Catalog
from mentoring.oversight.rules import Thresholds
from mentoring.programme import Programme, hours_fault
from mentoring.reports.rates import Rates, read_rates
from mentoring.safety.numbers import missing_numbers
from mentoring.working_days import is_country

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(ValueError):
    """A setting is missing or makes no sense; the message is one sentence for the operator."""


class Settings(BaseSettings):
    """All settings. Each field is read from the environment variable of the same name."""

    model_config = SettingsConfigDict(
        frozen=True, case_sensitive=True, extra="ignore", env_ignore_empty=True
    )

    DATABASE_URL: str = f"sqlite:///{ROOT / 'var' / 'bridgeline.db'}"
    REDIS_URL: str = "redis://127.0.0.1:6379/0"
    PUBLIC_BASE_URL: str = "http://127.0.0.1:8000"
    FALLBACK_BASE_URL: str = ""
    PROXIES: int = Field(default=0, ge=0, le=5)
    LOG_LEVEL: str = "INFO"

    TWILIO_ACCOUNT_SID: str = ""
    TWILIO_AUTH_TOKEN: str = Field(default="", repr=False)
    TWILIO_AUTH_TOKEN_SECONDARY: str = Field(default="", repr=False)
    TWILIO_API_KEY: str = ""
    TWILIO_API_SECRET: str = Field(default="", repr=False)
    TWILIO_API_BASE: str = ""
    FICTIONAL_NUMBERS_ONLY: bool = False

    ENCRYPTION_KEYS: str = Field(default="", repr=False)
    INDEX_KEY: str = Field(default="", repr=False)
    KEY_FILE: Path = ROOT / "var" / "keys.json"

    ORG_NAME: str = Field(default="BridgeLine", min_length=1, max_length=30)
    STAFF_NAME: str = Field(default="Our staff", min_length=1, max_length=30)
    LANGUAGES: Annotated[tuple[str, ...], NoDecode] = ("en",)
    OFFICE_ZONE: str = "America/Chicago"
    COUNTRY: str = "US"
    DIAL_REGIONS: Annotated[tuple[str, ...], NoDecode] = ("US", "CA", "PR")
    CALLING_FROM: time = time(8)
    CALLING_UNTIL: time = time(21)
    STAFFED_FROM: time = time(9)
    STAFFED_UNTIL: time = time(17)
    CHECK_IN_FROM: time = time(9)
    CHECK_IN_UNTIL: time = time(19)
    RING_SECONDS: int = Field(default=25, ge=5, le=60)
    WHISPER_SECONDS: int = Field(default=20, ge=10, le=60)
    CALL_LIMIT_MINUTES: int = Field(default=60, ge=5, le=240)
    TWO_WAY_SECONDS: int = Field(default=120, ge=1, le=3600)
    TWO_WAY_TEXT_HOURS: int = Field(default=72, ge=1, le=720)
    OPERATOR_RING_SECONDS: int = Field(default=30, ge=10, le=60)
    NOTE_SECONDS: int = Field(default=120, ge=30, le=600)
    MESSAGE_SECONDS: int = Field(default=60, ge=30, le=600)
    QUARANTINE_DAYS: int = Field(default=30, ge=1, le=365)
    RESUME_DAYS: int = Field(default=30, ge=7, le=365)
    TERM_WEEKS: int = Field(default=26, ge=6, le=260)
    CLOSING_DAYS: int = Field(default=14, ge=3, le=60)
    PAUSE_DAYS: int = Field(default=30, ge=7, le=90)
    PAUSE_DAYS_AT_MOST: int = Field(default=90, ge=7, le=365)
    REST_DAYS: int = Field(default=14, ge=0, le=90)
    SCREENING_CHECKS: Annotated[tuple[str, ...], NoDecode] = ()
    TRAINING_MINUTES: int = Field(default=0, ge=0, le=1440)
    TEXT_DAYS: int = Field(default=180, ge=7, le=3650)
    TEXT_DAYS_AFTER_CLOSING: int = Field(default=90, ge=7, le=3650)
    HEARD_NOTE_DAYS: int = Field(default=30, ge=1, le=3650)
    NOTE_DAYS: int = Field(default=90, ge=7, le=3650)
    LEAD_DAYS: int = Field(default=30, ge=7, le=3650)
    REPLY_MINUTES: int = Field(default=10, ge=1, le=60)
    CALL_BACK_WORKING_DAYS: int = Field(default=1, ge=1, le=5)
    SERVICE_CALLS_A_DAY: int = Field(default=1, ge=1, le=3)
    SERVICE_CALLS_PER_INVITATION: int = Field(default=2, ge=1, le=5)
    PAGE_MINUTES: int = Field(default=10, ge=2, le=60)
    OVERSIGHT: Annotated[Thresholds, NoDecode] = Thresholds()
    COSTS: Annotated[Rates | None, NoDecode] = None

    @field_validator("DATABASE_URL")
    @classmethod
    def _database(cls, value: str) -> str:
        try:
            url = make_url(value)
        except ArgumentError:
            url = make_url("nothing://")
        except ValueError:
            # The library's own sentence may repeat a part of the password.
            raise ValueError("must give a number as the port") from None
        backend = url.get_backend_name()
        if backend not in ("sqlite", "postgresql"):
            raise ValueError("must start with sqlite:/// or postgresql://")
        if backend == "sqlite" and (url.database or ":memory:").startswith((":memory:", "file:")):
            raise ValueError("must name a file: in memory everything would be lost at the end")
        if url.drivername not in ("sqlite", "postgresql", "postgresql+psycopg"):
            raise ValueError("must use the driver psycopg: postgresql:// is enough")
        return value

    @field_validator("REDIS_URL")
    @classmethod
    def _redis(cls, value: str) -> str:
        if not value.startswith(("redis://", "rediss://")):
            raise ValueError("must start with redis:// or rediss://")
        if not re.fullmatch(r"(/\d*)?", _address(value).path):
            raise ValueError("must end with the number of a database, such as /0")
        return value

    @field_validator("ORG_NAME", "STAFF_NAME")
    @classmethod
    def _name(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("must not be blank: it is spoken in every greeting")
        return value.strip()

    @field_validator("PUBLIC_BASE_URL", "FALLBACK_BASE_URL", "TWILIO_API_BASE")
    @classmethod
    def _base_url(cls, value: str) -> str:
        parts = _address(value)
        plain = parts.scheme in ("http", "https") and parts.hostname and not parts.username
        if value and (not plain or parts.query or parts.fragment or "_" in (parts.hostname or "")):
            raise ValueError("must be an address such as https://line.example.org")
        return value.rstrip("/")

    @field_validator("OFFICE_ZONE")
    @classmethod
    def _zone(cls, value: str) -> str:
        if zone_named(value) is None:
            raise ValueError("must be a zone of the tz database, such as America/Chicago")
        return value

    @field_validator("COUNTRY")
    @classmethod
    def _country(cls, value: str) -> str:
        if not is_country(value.strip().upper()):
            raise ValueError("must be a country code of two letters, such as US, CA or GB")
        return value.strip().upper()

    @field_validator("DIAL_REGIONS", mode="before")
    @classmethod
    def _regions(cls, value: Any) -> Any:
        parts = value.split(",") if isinstance(value, str) else value
        regions = tuple(str(part).strip().upper() for part in parts)
        unknown = [region for region in regions if region not in SUPPORTED_REGIONS]
        if not regions or unknown:
            raise ValueError("must be country codes of two letters, such as US,CA,PR or GB")
        return regions

    @field_validator("LANGUAGES", mode="before")
    @classmethod
    def _languages(cls, value: Any) -> Any:
        parts = value.split(",") if isinstance(value, str) else value
        codes = tuple(dict.fromkeys(str(part).strip().lower() for part in parts))
        if "en" not in codes or not set(codes) <= set(Catalog.load().languages):
            raise ValueError("must be languages out of en, es and fr, and en among them: en,es")
        return codes

    @field_validator("SCREENING_CHECKS", mode="before")
    @classmethod
    def _checks(cls, value: Any) -> Any:
        parts = value.split(",") if isinstance(value, str) else value
        names = tuple(str(part).strip().lower().replace(" ", "_") for part in parts)
        names = tuple(name for name in names if name)
        if any(not re.fullmatch(r"[a-z][a-z_]{2,39}", name) for name in names):
            raise ValueError("must be names of checks, such as police check, training")
        return names

    @field_validator("LOG_LEVEL")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @field_validator("OVERSIGHT", mode="before")
    @classmethod
    def _thresholds(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            given = json.loads(value)
        except ValueError:
            given = None
        if not isinstance(given, dict):
            raise ValueError('must be limits in JSON, such as {"silent_days": 28}')
        kinds = {field.name: field.type for field in fields(Thresholds)}
        for name, limit in given.items():
            if name not in kinds:
                raise ValueError(f"names a limit that does not exist: {name[:40]}")
            number = isinstance(limit, int if kinds[name] is int else (int, float))
            if not number or isinstance(limit, bool) or not 0 < limit <= 3650:
                raise ValueError(f"must give a number above 0 for {name}")
        return Thresholds(**given)

    @field_validator("COSTS", mode="before")
    @classmethod
    def _rates(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            given = json.loads(value)
        except ValueError:
            given = None
        return read_rates(given)

    @field_validator(
        *("CALLING_FROM", "CALLING_UNTIL", "CHECK_IN_FROM", "CHECK_IN_UNTIL"),
        *("STAFFED_FROM", "STAFFED_UNTIL"),
    )
    @classmethod
    def _local_time(cls, value: time) -> time:
        if value.tzinfo is not None:
            raise ValueError("must be a local time without a zone, such as 08:00")
        return value

    @model_validator(mode="after")
    def _pairs(self) -> Self:
        fault = hours_fault(
            (self.CALLING_FROM, self.CALLING_UNTIL),
            (self.CHECK_IN_FROM, self.CHECK_IN_UNTIL),
            names=("CALLING_FROM", "CALLING_UNTIL", "CHECK_IN_FROM", "CHECK_IN_UNTIL"),
        )
        if fault is not None:
            raise ValueError(fault)
        if self.STAFFED_FROM >= self.STAFFED_UNTIL:
            raise ValueError("STAFFED_FROM must be earlier in the day than STAFFED_UNTIL")
        if bool(self.ENCRYPTION_KEYS) != bool(self.INDEX_KEY):
            raise ValueError("ENCRYPTION_KEYS and INDEX_KEY must be set together")
        if bool(self.TWILIO_API_KEY) != bool(self.TWILIO_API_SECRET):
            raise ValueError("TWILIO_API_KEY and TWILIO_API_SECRET must be set together")
        if bool(self.TWILIO_ACCOUNT_SID) != bool(self.TWILIO_AUTH_TOKEN):
            raise ValueError("TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN must be set together")
        return self

    @property
    def auth_tokens(self) -> tuple[str, ...]:
        """The tokens whose signatures are accepted: two while the token is being rotated."""
        return tuple(t for t in (self.TWILIO_AUTH_TOKEN, self.TWILIO_AUTH_TOKEN_SECONDARY) if t)

    @staticmethod
    def folder_of(path: str) -> Path:
        """Return the folder that a SQLite file lies in."""
        return Path(path).resolve().parent

    def require_carrier(self) -> None:
        """Raise SettingsError when there is no carrier, or nobody to name to somebody in danger."""
        missing = missing_numbers(self.COUNTRY)
        if missing is not None:
            raise SettingsError(missing)
        if not self.TWILIO_ACCOUNT_SID:
            raise SettingsError(
                "Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN: the line cannot run without a"
                " carrier. To try it without an account, run: python3 run.py demo"
            )

    def vault(self) -> Vault:
        """Return the vault from ENCRYPTION_KEYS and INDEX_KEY, else from KEY_FILE."""
        if self.ENCRYPTION_KEYS:
            return vault_from_text(self.ENCRYPTION_KEYS, self.INDEX_KEY)
        return vault_from_file(self.KEY_FILE)

    def programme(self) -> Programme:
        """Return the programme's own facts, as the domain knows them."""
        return Programme(
            org_name=self.ORG_NAME,
            staff_name=self.STAFF_NAME,
            languages=self.LANGUAGES,
            office_zone=self.OFFICE_ZONE,
            country=self.COUNTRY,
            dial_regions=self.DIAL_REGIONS,
            fictional_numbers_only=self.FICTIONAL_NUMBERS_ONLY,
            calling_from=self.CALLING_FROM,
            calling_until=self.CALLING_UNTIL,
            check_in_from=self.CHECK_IN_FROM,
            check_in_until=self.CHECK_IN_UNTIL,
            staffed_from=self.STAFFED_FROM,
            staffed_until=self.STAFFED_UNTIL,
            ring_seconds=self.RING_SECONDS,
            whisper_seconds=self.WHISPER_SECONDS,
            call_limit_minutes=self.CALL_LIMIT_MINUTES,
            two_way_seconds=self.TWO_WAY_SECONDS,
            two_way_text_hours=self.TWO_WAY_TEXT_HOURS,
            operator_ring_seconds=self.OPERATOR_RING_SECONDS,
            note_seconds=self.NOTE_SECONDS,
            message_seconds=self.MESSAGE_SECONDS,
            quarantine_days=self.QUARANTINE_DAYS,
            resume_days=self.RESUME_DAYS,
            term_weeks=self.TERM_WEEKS,
            closing_days=self.CLOSING_DAYS,
            pause_days=self.PAUSE_DAYS,
            pause_days_at_most=self.PAUSE_DAYS_AT_MOST,
            rest_days=self.REST_DAYS,
            screening_checks=self.SCREENING_CHECKS,
            training_minutes=self.TRAINING_MINUTES,
            text_days=self.TEXT_DAYS,
            text_days_after_closing=self.TEXT_DAYS_AFTER_CLOSING,
            heard_note_days=self.HEARD_NOTE_DAYS,
            note_days=self.NOTE_DAYS,
            lead_days=self.LEAD_DAYS,
            reply_minutes=self.REPLY_MINUTES,
            call_back_working_days=self.CALL_BACK_WORKING_DAYS,
            service_calls_a_day=self.SERVICE_CALLS_A_DAY,
            service_calls_per_invitation=self.SERVICE_CALLS_PER_INVITATION,
            page_minutes=self.PAGE_MINUTES,
            thresholds=self.OVERSIGHT,
            rates=self.COSTS,
        )


def read_settings(**overrides: Any) -> Settings:
    """Read the settings from the environment; raises SettingsError with one sentence."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        # The library's own error quotes every value, secrets included, so it is not passed on.
        raise SettingsError(_sentence(error)) from None


def _address(value: str) -> SplitResult:
    """Take an address apart; the library's own sentences might repeat a part of a password."""
    if any(sign.isspace() for sign in value):
        raise ValueError("must be an address without spaces or line ends")
    try:
        parts = urlsplit(value)
        _ = parts.port  # Raises ValueError for a port that is no number.
    except ValueError:
        raise ValueError("must be a whole address, with a number as its port") from None
    return parts


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    said = first["msg"].removeprefix("Value error, ")
    if not first["loc"]:
        return f"{said[0].upper()}{said[1:]}."
    name = str(first["loc"][0])
    # A value that may hold a secret is never repeated: not on a screen and not in a log.
    secret = any(word in name for word in ("TOKEN", "KEY", "SECRET", "URL", "API_BASE"))
    shown = "" if secret else f" (it is {str(first['input'])[:60]!r})"
    return f"{name} {said[0].lower()}{said[1:]}{shown}."
