"""What a view of the result is told, and what it tells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gdviz.gui.network.levels import UNIT, Range
from gdviz.gui.network.output import Output
from gdviz.gui.network.state import NetworkState
from gdviz.network.points import Points
from gdviz.training.messages import Frame


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """The state, and what the network makes of it.

    Attributes:
        state: of the tab.
        told: the points that the frame is about; a little older than the state's while a brush paints.
        test: which of the state's points are test points, shape (n,).
        wrong: ids of the points that are ringed as mistakes.
        frame: the newest of the present run; None before the first.
    """

    state: NetworkState
    told: Points
    test: NDArray[np.bool_]
    wrong: NDArray[np.int64]
    frame: Frame | None = None

    def output_at(self, x1: float, x2: float) -> float | None:
        """What the network says at a place; None where that is not known."""
        return Output(self.state.network, self.frame).at(x1, x2) if self.frame is not None else None

    @property
    def ends(self) -> Range:
        """The outputs that the two ends of the colours stand for."""
        return ends_of(self.state)

    @property
    def value_range(self) -> Range | None:
        """As ``PointsItem`` takes it: None where labels are shown."""
        return self.state.value_range if self.state.network.regression else None

    @property
    def targets(self) -> NDArray[np.float64]:
        """What the output should be at each of the state's points: 0, 1 or a value."""
        points = self.state.points
        return points.values if self.state.network.regression else points.labels.astype(np.float64)

    @property
    def output_name(self) -> str:
        """What the output means."""
        return self.state.value_axis if self.state.network.regression else "probability of green"


def ends_of(state: NetworkState) -> Range:
    """The outputs that the two ends of the colours stand for."""
    return state.value_range if state.network.regression else UNIT


class ResultView(QWidget):
    """A view that stands in the place of the canvas.

    Signals:
        hovered(object): (x1, x2, output or None) under the cursor; None when it left.
        painted(): what was shown last is on the screen.
        turned(): it was set to look at something else, and needs to be told again.

    Attributes:
        needs: what frames have to carry for it: fields of SetView by name.
    """

    hovered = Signal(object)
    painted = Signal()
    turned = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.needs: dict[str, int] = {}

    def show_result(self, result: Result) -> None:
        """Draw another result, or the same one in other colours."""
        raise NotImplementedError

    def reset_view(self) -> None:
        """Look at it as at first."""

    def close_view(self) -> None:
        """Give back what it holds; nothing is drawn afterwards."""
