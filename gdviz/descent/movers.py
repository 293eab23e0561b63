"""How racers move through a block of rows: alone in Python's own numbers, or with those of the same rule in arrays.

Both give the same, to the last bit; which is faster depends on how many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from gdviz.descent.rules import Stepper
from gdviz.descent.surface import FloatArray, Surface

if TYPE_CHECKING:
    from gdviz.descent.racers import Racer

# More racers with the same rule are faster in arrays.
_FEW = 8


class Alone:
    """One racer that moves by itself.

    Attributes:
        send: takes the gradient, its w0 and w1, and gives where the racer stands then.
    """

    def __init__(self, racer: Racer, rates: FloatArray) -> None:
        """Stand where the racer stands; rates of the steps to come, shape (rows,)."""
        assert racer.descend is not None
        self._states = racer.rule.states
        self._record: list[float] = []  # of all states, flat: NumPy takes three times as long for a list of tuples
        clock = enumerate(rates.tolist(), racer.row - racer.since + 1)
        state = [number for each in racer.rule.states for number in racer.states[each.name].tolist()]
        descent = racer.descend(clock, self._record.extend, racer.w.tolist(), state, **racer.settings)
        next(descent)
        self.send = descent.send

    def history(self) -> dict[str, FloatArray]:
        """The states before each step and behind the last, each of shape (steps + 1, ...)."""
        width = sum(state.shape[0] for state in self._states)
        table, history, end = np.array(self._record).reshape(-1, max(1, width)), {}, 0
        for state in self._states:
            begin, end = end, end + state.shape[0]
            history[state.name] = table[:, begin:end]
        return history


class Together:
    """Racers that step together."""

    def __init__(self, racers: list[Racer], rates: FloatArray, surface: Surface) -> None:
        """Stand where the racers stand; rates of the steps to come, shape (rows, racers)."""
        first = racers[0]
        self._rates = rates[:, :, np.newaxis] if any(racer.is_scheduled for racer in racers) else None
        self._stepper = Stepper(
            first.rule,
            surface,
            {name: _common([racer.settings[name] for racer in racers]) for name in first.settings},
            np.stack([racer.w for racer in racers]),
            first.row - first.since,
            {name: np.stack([racer.states[name] for racer in racers]) for name in first.states},
        )
        self._record = [self._stepper.states]

    def advance(self, row: int, g: FloatArray) -> FloatArray:
        """Take the step that leaves a row of the block; gradients to where they stand then, shape (racers, 2) both."""
        if self._rates is None:
            self._stepper.advance(g)
        else:
            self._stepper.advance(g, learning_rate=self._rates[row])
        self._record.append(self._stepper.states)
        return self._stepper.w

    def histories(self) -> Iterator[dict[str, FloatArray]]:
        """For each racer the states before each step and behind the last, each of shape (steps + 1, ...)."""
        history = {name: np.array([states[name] for states in self._record]) for name in self._record[0]}
        for index in range(len(self._stepper.w)):
            yield {name: values[:, index] for name, values in history.items()}


class Field:
    """All racers of a block, in an order of its own.

    Attributes:
        racers: first those that move alone, then group by group.
        rates: learning rates of the steps that leave the block's rows, shape (rows, racers).
    """

    def __init__(self, racers: Sequence[Racer], rows: int, surface: Surface) -> None:
        alone, together = _sorted_out(racers)
        self.racers = [*alone, *chain.from_iterable(together)]
        self.rates = np.stack([racer.rates(rows) for racer in self.racers], axis=-1)
        self._alone = [Alone(racer, self.rates[:, column]) for column, racer in enumerate(alone)]
        ends = np.cumsum([len(alone), *map(len, together)]).tolist()
        parts = [slice(begin, end) for begin, end in pairwise(ends)]
        self._together = [
            (Together(group, self.rates[:, part], surface), part) for group, part in zip(together, parts, strict=True)
        ]

    def walk(
        self, gradient: Callable[[FloatArray, int], FloatArray], enough: Callable[[int], bool]
    ) -> tuple[FloatArray, FloatArray]:
        """Make all steps, or as many as are enough.

        Args:
            gradient: positions of shape (racers, 2) and the number of their row to gradients of the same shape.
            enough: asked with the number of each row but the first.

        Returns:
            positions, shape (rows + 1, racers, 2), the last one behind the block; gradients, shape (rows, racers, 2).
        """
        first_row, rows = self.racers[0].row, len(self.rates)
        positions, gradients = np.empty((rows + 1, len(self.racers), 2)), np.empty((rows, len(self.racers), 2))
        positions[0] = [racer.w for racer in self.racers]
        numbers = positions.reshape(rows + 1, -1)[:, : 2 * len(self._alone)]
        sends = [single.send for single in self._alone]
        for row in range(rows):
            if row and enough(first_row + row):
                return positions[: row + 1], gradients[:row]
            g = gradients[row] = gradient(positions[row], first_row + row)
            numbers[row + 1] = [w for send, slopes in zip(sends, g.tolist(), strict=False) for w in send(slopes)]
            for group, part in self._together:
                positions[row + 1, part] = group.advance(row, g[part])
        return positions, gradients

    def histories(self) -> Iterator[dict[str, FloatArray]]:
        """For each racer the states at every row and behind the block, each of shape (rows + 1, ...)."""
        for single in self._alone:
            yield single.history()
        for group, _ in self._together:
            yield from group.histories()


def _sorted_out(racers: Sequence[Racer]) -> tuple[list[Racer], list[list[Racer]]]:
    """Those that move alone, and those that move together."""
    groups: dict[tuple[object, ...], list[Racer]] = {}
    for racer in racers:
        groups.setdefault(racer.group, []).append(racer)
    alone: list[Racer] = []
    together: list[list[Racer]] = []
    for group in groups.values():
        if len(group) <= _FEW and group[0].descend is not None:
            alone += group
        else:
            together.append(group)
    return alone, together


def _common(values: list[Any]) -> Any:
    """One value where all are equal, for speed; else a column."""
    return values[0] if values.count(values[0]) == len(values) else np.array(values)[:, np.newaxis]
