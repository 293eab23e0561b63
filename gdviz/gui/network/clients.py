"""What a bridge talks to: the training process itself, or a seat in the process of another bridge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from gdviz.training.messages import Command, Event, Leave, Ready

if TYPE_CHECKING:
    from gdviz.gui.network.bridge import TrainingBridge


class Client(Protocol):
    """What the bridge needs of ``TrainingClient``."""

    @property
    def pid(self) -> int | None:
        """The process; None where none was started."""

    def start(self) -> None:
        """Start the process."""

    def send(self, command: Command) -> None:
        """Send a command."""

    def stop(self) -> None:
        """End the process and the reading thread."""

    def restart(self) -> None:
        """End the process where it still runs, and start another."""


MakeClient = Callable[[Callable[[Event], None], Callable[[str], None]], Client]


class Seats:
    """The seats of a bridge's process that other bridges train in."""

    def __init__(self, bridge: TrainingBridge) -> None:
        self._bridge = bridge
        self._hear: dict[int, Callable[[Event], None]] = {}

    def client(self, number: int) -> MakeClient:
        """What another bridge, for a seat of its own from 1 to 7, is made with."""
        return partial(SeatClient, self._bridge, number)

    def take(self, number: int, on_event: Callable[[Event], None]) -> None:
        """Have this called with the events of a seat, on the reading thread."""
        self._hear[number] = on_event

    def leave(self, number: int) -> None:
        """Nobody hears of this seat any more."""
        self._hear.pop(number, None)

    def tell(self, event: Event) -> bool:
        """Pass an event on to whose it is; False where it is the bridge's own."""
        if isinstance(event, Ready) or not event.seat:
            return False
        hear = self._hear.get(event.seat)
        if hear is not None:
            hear(replace(event, seat=0))  # to its own bridge, it is the only one
        return True


class SeatClient:
    """Has a second bridge train in a seat of the first one's process; it begins and ends no process itself.

    Args:
        bridge: whose process it is.
        seat: 1 to 7.
        on_event: called with every event of the seat, and with every Ready.
        on_exit: called where the process ends by itself.
    """

    def __init__(
        self, bridge: TrainingBridge, seat: int, on_event: Callable[[Event], None], on_exit: Callable[[str], None]
    ) -> None:
        self._bridge, self._seat = bridge, seat
        self._on_event, self._on_exit = on_event, on_exit
        self._sits = False

    @property
    def pid(self) -> int | None:
        """The process; None where none was started."""
        return self._bridge.pid

    def start(self) -> None:
        """Take the seat; a Ready comes as soon as the process is ready, or at once where it is already."""
        if self._sits:
            return
        self._sits = True
        self._bridge.seats.take(self._seat, self._on_event)
        self._bridge.ready.connect(self._on_event)
        self._bridge.ended.connect(self._on_exit)
        if self._bridge.is_ready:
            self._on_event(Ready("", "", 0.0))

    def send(self, command: Command) -> None:
        """Send a command to the seat."""
        if self._sits:
            self._bridge.ask_seat(self._seat, command)

    def stop(self) -> None:
        """Leave the seat; the process forgets its network."""
        if not self._sits:
            return
        self.send(Leave())
        self._sits = False
        self._bridge.seats.leave(self._seat)
        self._bridge.ready.disconnect(self._on_event)
        self._bridge.ended.disconnect(self._on_exit)

    def restart(self) -> None:
        """Restarting is for the bridge whose process it is."""
