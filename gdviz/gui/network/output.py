"""What the network says at a place, for all views and the panel to tell alike."""

from __future__ import annotations

from dataclasses import dataclass

from gdviz.gui.network.geometry import probability_at
from gdviz.network.forward import fits, output_at
from gdviz.network.spec import NetworkSpec
from gdviz.training.messages import Frame


@dataclass(frozen=True, slots=True, eq=False)
class Output:
    """The output of a network, as a frame knows it."""

    network: NetworkSpec
    frame: Frame

    def at(self, x1: float, x2: float) -> float | None:
        """The probability of green, or the value; of what the frame has drawn alone where its weights are another's.

        None where that is not known.
        """
        frame = self.frame
        if fits(self.network, frame.weights):
            return float(output_at(self.network, frame.weights, x1, x2, frame.scaling))
        return probability_at(boundary=frame.boundary, extent=frame.extent, x1=x1, x2=x2)
