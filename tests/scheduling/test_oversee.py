"""Beat asks for the oversight sweep every quarter of an hour, and the task is there to be asked."""

from scheduling.celery_app import OVERSEE, make_celery


def test_the_sweep_is_asked_for_every_quarter_of_an_hour() -> None:
    entry = make_celery("redis://127.0.0.1:6379/0").conf.beat_schedule["oversee"]
    assert (entry["task"], entry["schedule"]) == (OVERSEE, 900.0)
