"""How many failing webhooks are too many, and how often that is told (O22)."""

from mentoring.clock import ManualClock
from mentoring.programme import Programme
from telephony.failures import FailureWatch


class Told(list[tuple[int, int]]):
    """What the watch has alarmed about: how many failed, of how many."""

    def __call__(self, failed: int, total: int) -> None:
        self.append((failed, total))


def watch(clock: ManualClock) -> tuple[FailureWatch, Told]:
    told = Told()
    return FailureWatch(clock, Programme, told), told


def test_three_failures_of_a_hundred_are_too_many(clock: ManualClock) -> None:
    watching, told = watch(clock)
    for count in range(100):
        watching.saw(failed=count in (10, 20))
        clock.advance(5)
    assert told == []
    watching.saw(failed=True)
    watching.saw(failed=True)

    assert told == [(3, 101)]


def test_two_of_a_hundred_and_old_ones_are_not(clock: ManualClock) -> None:
    watching, told = watch(clock)
    watching.saw(failed=True)
    watching.saw(failed=True)
    clock.advance(16 * 60)
    watching.saw(failed=True)
    assert told == []
    for _ in range(200):
        watching.saw(failed=False)
    watching.saw(failed=True)
    watching.saw(failed=True)

    assert told == []


def test_it_is_told_again_when_it_goes_on_for_longer(clock: ManualClock) -> None:
    watching, told = watch(clock)
    for _ in range(40):
        watching.saw(failed=True)
        clock.advance(60)

    assert len(told) == 3
