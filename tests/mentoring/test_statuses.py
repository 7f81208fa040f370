"""Statuses only rise, in whatever order the carrier tells about them."""

from itertools import permutations

import pytest

from mentoring.statuses import CALL_RANK, MESSAGE_RANK, is_final, rises


def _settled(words: tuple[str, ...]) -> str | None:
    status: str | None = None
    for word in words:
        if rises(status, word):
            status = word
    return status


@pytest.mark.parametrize("order", [*permutations(["queued", "sent", "delivered"])])
def test_a_delivered_text_stays_delivered_in_every_order_of_callbacks(
    order: tuple[str, ...],
) -> None:
    assert _settled(order) == "delivered"


@pytest.mark.parametrize("order", [*permutations(["initiated", "ringing", "in-progress", "busy"])])
def test_a_call_that_ended_stays_ended_in_every_order_of_callbacks(order: tuple[str, ...]) -> None:
    assert _settled(order) == "busy"


@pytest.mark.parametrize("final", sorted(w for w in MESSAGE_RANK | CALL_RANK if is_final(w)))
def test_nothing_follows_a_final_status(final: str) -> None:
    assert not [late for late in MESSAGE_RANK | CALL_RANK if rises(final, late)]


def test_the_same_status_told_twice_changes_nothing() -> None:
    assert not rises("sent", "sent")


def test_an_unknown_word_changes_nothing_and_is_left_behind_by_a_known_one() -> None:
    assert not rises("queued", "teleported")
    assert not rises(None, "")
    assert rises("teleported", "queued")


def test_a_word_of_texts_and_calls_has_one_rank() -> None:
    both = MESSAGE_RANK.keys() & CALL_RANK.keys()
    assert both == {"queued", "failed", "canceled"}
    assert all(MESSAGE_RANK[word] == CALL_RANK[word] for word in both)


def test_sent_is_not_final_because_delivery_may_still_be_told() -> None:
    assert not is_final("sent")
    assert not is_final("teleported")
    assert is_final("no-answer")
