"""What the view of basins asks, and the answers, coarse ones first."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.descent.basins import BasinMap, basins
from gdviz.descent.races import surface_of
from gdviz.descent.rate_momentum import RateMomentumMap, momentum_parameter, rate_momentum_map
from gdviz.descent.spec import DescentSpec, Point, SurfaceSpec
from gdviz.descent.stopping import StoppingRule
from gdviz.descent.surface import FloatArray
from gdviz.gui.descent.maps.progressive import Cancelled
from gdviz.gui.descent.maps.sweep_work import rates_over

SAMPLES = 256
DECADES = (-5, 1)
HIGHEST_MOMENTUM = 0.99
MOMENTA = 67
COARSE = 4


class BasinQuestion(msgspec.Struct, frozen=True):
    """Where does every start end?"""

    surface: SurfaceSpec
    optimizer: OptimizerSpec
    steps: int
    tolerance: float

    def answers(self, cancelled: Cancelled) -> Iterator[BasinMap]:
        """Pictures of the map; ValueError where the question is not allowed."""
        surface = surface_of(self.surface)
        rule = StoppingRule(tolerance=self.tolerance)
        return basins(surface, self.optimizer, surface.bounds, SAMPLES, self.steps, rule, cancelled)


class RateQuestion(msgspec.Struct, frozen=True):
    """What becomes of one start with every learning rate and momentum? The optimizer's own ones do not matter."""

    surface: SurfaceSpec
    optimizer: OptimizerSpec
    steps: int
    tolerance: float
    start: Point

    def answers(self, cancelled: Cancelled) -> Iterator[RateMomentumMap]:
        """A coarse map, then the whole one; ValueError where the optimizer has no momentum."""
        surface, rule = surface_of(self.surface), StoppingRule(tolerance=self.tolerance)
        rates, momenta = rates_over(DECADES), momenta_of(self.optimizer)
        for every in (COARSE, 1):
            made = rate_momentum_map(
                surface, self.optimizer, self.start, rates[::every], momenta[::every], self.steps, rule, cancelled
            )
            if made is None:
                return
            yield made


Question = BasinQuestion | RateQuestion


def basin_question(spec: DescentSpec, racer: int) -> BasinQuestion:
    """The question for a racer of the race."""
    return BasinQuestion(spec.surface, spec.racers[racer].optimizer, spec.steps, spec.tolerance)


def rate_question(spec: DescentSpec, racer: int) -> RateQuestion:
    """The question for a racer of the race, from where it starts."""
    asked = spec.racers[racer]
    name = momentum_parameter(asked.optimizer)
    others = {key: value for key, value in asked.optimizer.settings.items() if key not in ("learning_rate", name)}
    optimizer = OptimizerSpec(asked.optimizer.key, others)
    return RateQuestion(spec.surface, optimizer, spec.steps, spec.tolerance, asked.start or spec.start)


def momenta_of(optimizer: OptimizerSpec) -> FloatArray:
    """The momenta of the map that this optimizer allows, rounded for fields; ValueError where it has no momentum."""
    name = momentum_parameter(optimizer)
    if name is None:
        raise ValueError(
            f"{optimizer.declaration.title} has nothing like a momentum; "
            "this map is for optimizers with momentum, beta_1, beta or rho"
        )
    parameter = optimizer.declaration.parameter(name)
    momenta = np.round(np.linspace(0.0, HIGHEST_MOMENTUM, MOMENTA), 3)
    return momenta[1:] if parameter.open_minimum and parameter.minimum >= 0.0 else momenta
