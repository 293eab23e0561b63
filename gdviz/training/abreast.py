"""Seats that train abreast: at equal epochs, whatever an epoch of each takes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol


class Abreast(Protocol):
    """What is asked of a seat."""

    @property
    def is_abreast(self) -> bool:
        """Whether it trains now, and at equal epochs with others."""

    @property
    def epoch(self) -> int:
        """Epochs completed."""

    @property
    def shows_now(self) -> bool:
        """Whether a frame of it is due."""


def front(seats: Iterable[Abreast]) -> int:
    """The epoch of the seat that is farthest; 0 where none trains abreast."""
    return max((seat.epoch for seat in seats if seat.is_abreast), default=0)


def are_level(seats: Iterable[Abreast]) -> bool:
    """Whether all that train abreast are at one epoch: then they can be compared."""
    return len({seat.epoch for seat in seats if seat.is_abreast}) < 2


def epochs_allowed(seat: Abreast, seats: Iterable[Abreast]) -> int | None:
    """How many epochs a seat may train now; None is as many as it likes.

    All come as far as the first one went. Once they are level, each shows its frame before one of them goes ahead.
    """
    seats = tuple(seats)
    if not seat.is_abreast:
        return None
    if not are_level(seats):
        return front(seats) - seat.epoch
    return 0 if any(each.shows_now for each in seats if each.is_abreast) else None
