"""Too low, just right, too high: three learning rates on a loss of one parameter, and what became of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import msgspec
import numpy as np

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.declared.schedules import ScheduleSpec
from gdviz.descent.catalog import surface as catalog_surface
from gdviz.descent.races import surface_of
from gdviz.descent.spec import Point, SurfaceSpec
from gdviz.descent.stopping import Outcome, StoppingRule
from gdviz.descent.surface import FloatArray, Surface
from gdviz.descent.trajectory import Trajectory, race

CURVES = ("parabola", "double_well")
TOO_LOW, RIGHT, TOO_HIGH = "too low", "just right", "too high"
Rates = tuple[float, float, float]

SHARES: Rates = (0.1, 0.9, 2.1)
"""Of 1/λ, λ being the curvature at the minimum: where 1/λ arrives in one step, and from 2/λ on it diverges."""

SLOW = 5
"""What takes this many times the steps of the right learning rate crawls."""

CURVE_SAMPLES = 400
TRIED = np.array([float(f"{rate:.2g}") for rate in np.logspace(-5, 3, 81)])
MOST_STEPS_TRIED = 1000
"""Where curvature says nothing about an optimizer, these learning rates are tried, with so many steps each."""

BACK_AND_FORTH = 0.5
"""Moves of which this share turns back are a zig-zag."""


class RatesSpec(msgspec.Struct, frozen=True):
    """What is to be compared.

    Attributes:
        surface: of one parameter.
        optimizer: the learning rate in it does not matter.
        schedule: of the learning rate.
        start: w0 and w1.
        steps: the most that are made.
        tolerance: a gradient norm below it means converged.
        rates: those that somebody chose, None for those that are derived.
    """

    surface: SurfaceSpec
    optimizer: OptimizerSpec
    schedule: ScheduleSpec
    start: Point
    steps: int
    tolerance: float
    rates: tuple[float | None, float | None, float | None] = (None, None, None)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a learning rate: ``TOO_LOW``, ``RIGHT`` or ``TOO_HIGH``, and a sentence."""

    word: str
    sentence: str


@dataclass(frozen=True, slots=True, eq=False)
class RatesPicture:
    """Three descents.

    Attributes:
        spec: what it answers.
        surface: of one parameter.
        rates: the learning rates.
        origin: where those that nobody chose come from, for people.
        trajectories: one a rate.
        verdicts: one a rate.
        w0, loss: the curve, shape (CURVE_SAMPLES,).
        frame: left, right, lowest and highest that show the curve inside the surface's bounds.
    """

    spec: RatesSpec
    surface: Surface
    rates: Rates
    origin: str
    trajectories: tuple[Trajectory, ...]
    verdicts: tuple[Verdict, ...]
    w0: FloatArray
    loss: FloatArray
    frame: tuple[float, float, float, float]


def three_rates(spec: RatesSpec, cancelled: Callable[[], bool] = lambda: False) -> RatesPicture:
    """Derive the rates that nobody chose, let all three descend, and say what became of them.

    Args:
        spec: what is to be compared.
        cancelled: asked at every step; where it says True, the descents end there: nobody looks at them any more.

    Raises:
        ValueError: something in the spec is not allowed.
    """
    on = surface_of(spec.surface)
    derived, origin = derive(spec.surface, spec.optimizer, spec.start[0], spec.steps)
    low, right, high = (own if chosen is None else chosen for own, chosen in zip(derived, spec.rates, strict=True))
    optimizers = [spec.optimizer.with_setting("learning_rate", rate) for rate in (low, right, high, derived[1])]
    rule = StoppingRule(tolerance=spec.tolerance)
    *trajectories, best = race(
        on, optimizers, spec.start, spec.steps, rule, None, [spec.schedule] * 4, lambda row: cancelled()
    )
    w0, loss, frame = _curve(on)
    return RatesPicture(
        spec=spec,
        surface=on,
        rates=(low, right, high),
        origin=origin,
        trajectories=tuple(trajectories),
        verdicts=tuple(judge(on, trajectory, best) for trajectory in trajectories),
        w0=w0,
        loss=loss,
        frame=frame,
    )


def derive(spec: SurfaceSpec, optimizer: OptimizerSpec, start: float, steps: int) -> tuple[Rates, str]:
    """Three learning rates that are too low, right and too high, and where they come from, for people."""
    on = surface_of(spec)
    alike = OptimizerSpec(optimizer.key, {**optimizer.settings, "learning_rate": 1.0})
    if alike == OptimizerSpec("sgd", {"learning_rate": 1.0}) and on.minima:
        nearest = min(on.minima, key=lambda minimum: abs(minimum.w[0] - start))
        curvature = float(on.hessian(np.array(nearest.w))[0, 0])
        if curvature > 0.0:
            low, right, high = (float(f"{share / curvature:.3g}") for share in SHARES)
            shares = ", ".join(f"{share}/λ" for share in SHARES)
            return (low, right, high), f"{shares} with λ = {curvature:.3g}, the curvature at the nearest minimum"
    settings = tuple(sorted(alike.settings.items()))
    return _by_trying(
        spec, optimizer.key, settings, steps
    ), f"found by trying {len(TRIED)} from {TRIED[0]:g} to {TRIED[-1]:g}"


@lru_cache(maxsize=32)
def _by_trying(spec: SurfaceSpec, key: str, settings: tuple[tuple[str, float | str], ...], steps: int) -> Rates:
    """The fastest of many learning rates, and those from which on all lower and all higher ones are no good."""
    on = surface_of(spec)
    optimizers = [OptimizerSpec(key, {**dict(settings), "learning_rate": float(rate)}) for rate in TRIED]
    runs = race(on, optimizers, on.start, min(steps, MOST_STEPS_TRIED))
    arrives = [run.outcome is Outcome.CONVERGED and not _overshoots(run) for run in runs]
    needed = np.where(arrives, [run.steps for run in runs], np.inf)
    # Judged with its neighbours, as a rate that hits the minimum by luck is no good one.
    with_neighbours = np.max([needed, np.append(needed[1:], np.inf), np.append(np.inf, needed[:-1])], axis=0)
    if np.isfinite(with_neighbours).any():
        best = int(with_neighbours.argmin())
    else:
        best = min(range(len(runs)), key=lambda index: float(runs[index].losses[-1]))
    words = [judge(on, run, runs[best]).word for run in runs]
    low = next((index for index, word in enumerate(words) if word != TOO_LOW), 0) - 1
    high = len(words) - next((back for back, word in enumerate(reversed(words)) if word != TOO_HIGH), 0)
    last = len(runs) - 1
    return float(TRIED[max(low, 0)]), float(TRIED[best]), float(TRIED[min(high, last)])


def judge(on: Surface, trajectory: Trajectory, best: Trajectory) -> Verdict:
    """What became of a trajectory, measured against that of the right learning rate."""
    steps = trajectory.steps
    after = f"after {steps} step{'' if steps == 1 else 's'}"
    if trajectory.outcome is Outcome.DIVERGED:
        return Verdict(TOO_HIGH, f"diverged {after}")
    faster = trajectory.optimizer.learning_rate > best.optimizer.learning_rate
    turns = _turns(trajectory)
    if faster and _overshoots(trajectory):
        ended = "converged" if trajectory.outcome is Outcome.CONVERGED else "not there"
        return Verdict(TOO_HIGH, f"overshoots: {ended} {after}")
    if trajectory.outcome is Outcome.CONVERGED:
        where = _where(on, trajectory)
        if steps < SLOW * max(best.steps, 1) or best.outcome is not Outcome.CONVERGED:
            return Verdict(RIGHT, f"converged {after}{where}")
        manner = "zig-zags" if turns >= BACK_AND_FORTH else "crawls" if turns == 0.0 else "slow"
        return Verdict(TOO_HIGH if faster else TOO_LOW, f"{manner}: converged {after}{where}")
    nearest = min((abs(minimum.w[0] - trajectory.positions[-1, 0]) for minimum in on.minima), default=None)
    rest = "not there" if nearest is None else f"still {nearest:.2g} away"
    if trajectory.optimizer == best.optimizer:
        return Verdict(RIGHT, f"the nearest of all: {rest} {after}")
    if turns == 0.0:
        return Verdict(TOO_LOW, f"crawls: {rest} {after}")
    return Verdict(TOO_HIGH if faster else TOO_LOW, f"has not settled {after}")


def _where(on: Surface, trajectory: Trajectory) -> str:
    """That it is not the lowest minimum, where that is so; the lecture's "stuck in a local minimum"."""
    if not on.minima:
        return ""
    nearest = min(on.minima, key=lambda minimum: abs(minimum.w[0] - trajectory.positions[-1, 0]))
    return "" if nearest.is_global else ", in the local minimum"


def _overshoots(trajectory: Trajectory) -> bool:
    """Whether it has been higher up than where it began."""
    return bool(trajectory.losses.max() > trajectory.losses[0] + 1e-9)


def _turns(trajectory: Trajectory) -> float:
    """The share of moves, among the later half, that go back against the move before."""
    moves = np.diff(trajectory.positions[:, 0])
    moves = moves[len(moves) // 2 :]
    moves = moves[np.abs(moves) > 1e-12]
    return float(np.mean(moves[1:] * moves[:-1] < 0)) if len(moves) > 1 else 0.0


def _curve(on: Surface) -> tuple[FloatArray, FloatArray, tuple[float, float, float, float]]:
    left, right = on.bounds.w0
    w0 = np.linspace(left, right, CURVE_SAMPLES)
    with np.errstate(all="ignore"):
        loss = on.value(np.column_stack([w0, np.zeros_like(w0)]))
    loss = np.where(np.isfinite(loss), loss, np.nan)
    low, high = (0.0, 1.0) if np.isnan(loss).all() else (float(np.nanmin(loss)), float(np.nanmax(loss)))
    margin = 0.06 * (high - low) or 1.0
    return w0, loss, (left, right, low - 2 * margin, high + margin)  # room for the ball above the axis


def curve_titles() -> dict[str, str]:
    """The curves to choose from, by key."""
    return {key: catalog_surface(key).title.split(" (")[0] for key in CURVES}
