"""Update rules as short lists of lines of Python: the engine that steps, and the explanation of the step.

A line such as ``Line("m", "beta_1 * m + (1 - beta_1) * g", "first moment")`` is compiled and run as it stands, so what
a person reads is what is computed. A line may use

- ``w`` and ``g``, points and gradients of shape (n, 2); ``t``, the number of the step from 1;
- the optimizer's settings by name, each a float or a column of shape (n, 1); the rule's state; earlier lines;
- ``loss``, ``gradient`` and ``hessian`` of the surface, and the functions in ``FUNCTIONS``.

Lines make new arrays and never change one in place: whoever recorded a state may keep it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from gdviz.declared.parameter import Value
from gdviz.descent import second_order
from gdviz.descent.surface import FloatArray, Surface


def _norm(g: FloatArray) -> FloatArray:
    """Length of each vector, shape (n, 1)."""
    length: FloatArray = np.sqrt(np.sum(g * g, axis=-1, keepdims=True))
    return length


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": np.abs,
    "cos": np.cos,
    "floor": np.floor,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "norm": _norm,
    "sign": np.sign,
    "sqrt": np.sqrt,
    "where": np.where,
    "armijo_halvings": second_order.armijo_halvings,
    "newton_direction": second_order.newton_direction,
    "product": second_order.product,
    "secant_update": second_order.secant_update,
}
CONSTANTS = {"pi": np.pi}

Kind = Literal["gradient", "direction", "accumulator", "vector", "scalar", "matrix", "point", "step"]
"""What a value is, and so how it is drawn.

- gradient: an arrow in units of the gradient; the step goes against it. direction: an arrow; the step goes along it.
- accumulator: how large each component was so far, never negative: a square each. vector: two numbers of another sort.
- scalar: one number. matrix: four.
- point: a place on the surface. step: the point itself moves, from what ``w`` was to what it is.
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a rule: ``name = code``.

    Attributes:
        name: what is assigned: ``w``, ``g``, a state, or a value of this step alone.
        code: a Python expression.
        meaning: what it is, in a few words.
        when: a Python condition on the settings; where it is false the line is not there.
        kind: what the value is; None where the name says it: ``w`` is a step, ``g`` the gradient, a state of its own.
    """

    name: str
    code: str
    meaning: str
    when: str = "True"
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class State:
    """A number, or several, that a rule remembers from one step to the next, for each point.

    Attributes:
        name: a Python identifier.
        meaning: what it is, in a few words.
        initial: a Python expression of the settings and ``w``, the start; broadcast to (n, ...).
        shape: its shape for one point.
        kind: what it is.
    """

    name: str
    meaning: str
    kind: Kind
    initial: str = "0.0"
    shape: tuple[int, ...] = (2,)


@dataclass(frozen=True, slots=True)
class Rule:
    """How an optimizer steps: what it remembers, and its lines in order."""

    states: tuple[State, ...]
    lines: tuple[Line, ...]

    def active(self, settings: Mapping[str, Value]) -> Rule:
        """The rule without the lines, and the states, that these settings have no use for."""
        lines = tuple(line for line in self.lines if is_active(line, settings))
        assigned = {line.name for line in lines}
        return Rule(tuple(state for state in self.states if state.name in assigned), lines)

    def kind(self, line: Line) -> Kind:
        """What the value of a line is.

        Raises:
            LookupError: neither the line nor the state that it assigns says so.
        """
        kinds: dict[str, Kind] = {"w": "step", "g": "gradient", **{state.name: state.kind for state in self.states}}
        return line.kind or kinds[line.name]

    def initial(self, settings: Mapping[str, Any], w: FloatArray) -> dict[str, FloatArray]:
        """The states before the first step from w, shape (n, 2), each of shape (n, ...)."""
        return {
            state.name: np.broadcast_to(
                np.asarray(eval(_expression(state.initial), {"eye": np.eye}, {**settings, "w": w})),
                (len(w), *state.shape),
            )
            for state in self.states
        }


def given(condition: str, *lines: Line) -> tuple[Line, ...]:
    """The lines, under a condition on the settings."""
    return tuple(replace(line, when=condition) for line in lines)


def is_active(line: Line, settings: Mapping[str, Value]) -> bool:
    """Whether a line is there under these settings."""
    return bool(eval(_expression(line.when), {}, dict(settings)))


@lru_cache(maxsize=256)
def exponents_of(rule: Rule) -> frozenset[str]:
    """Names in powers. NumPy's powers of a float and of an array differ in the last digit; products do not."""
    powers = (node for line in rule.lines for node in ast.walk(ast.parse(line.code)) if isinstance(node, ast.BinOp))
    return frozenset(
        name.id
        for power in powers
        if isinstance(power.op, ast.Pow)
        for name in ast.walk(power)
        if isinstance(name, ast.Name)
    )


@lru_cache(maxsize=256)
def names_in(line: Line) -> frozenset[str]:
    """All names in the expression of a line, functions included."""
    return frozenset(node.id for node in ast.walk(ast.parse(line.code)) if isinstance(node, ast.Name))


def evaluate(line: Line, names: Mapping[str, Any]) -> Any:
    """The value of one line, given all names that stand in it but the functions; as a stepper computes it."""
    return eval(_expression(line.code), {**FUNCTIONS, **CONSTANTS}, names)


class Stepper:
    """Many points that one optimizer moves together.

    Attributes:
        w: where they are, shape (n, 2).
        t: steps taken.
        states: the optimizer's state by name, each of shape (n, ...); arrays that are never written to again.
    """

    __slots__ = ("_step", "states", "t", "w")

    def __init__(
        self,
        rule: Rule,
        surface: Surface,
        settings: Mapping[str, Any],
        w: FloatArray,
        t: int = 0,
        states: Mapping[str, FloatArray] | None = None,
    ) -> None:
        """Stand at w.

        Args:
            rule: only its active lines.
            surface: for the rules that ask for more than the gradient.
            settings: floats, or columns of shape (n, 1).
            w: points, shape (n, 2).
            t: steps taken before.
            states: what is remembered of them; a state that is missing starts afresh.
        """
        self.w = w
        self.t = t
        self.states = {**rule.initial(settings, w), **(states or {})}
        self._step = _compiled(rule, tuple(sorted(settings)))(
            **settings, loss=surface.value, gradient=surface.gradient, hessian=surface.hessian
        )

    def advance(self, g: FloatArray, **now: FloatArray) -> None:
        """Take one step; call it under ``np.errstate(all="ignore")``.

        Args:
            g: the gradient at w, shape (n, 2).
            **now: ``learning_rate`` of this step alone, a column of shape (n, 1), where a schedule sets it.
        """
        self.t += 1
        self.w, self.states = self._step(self.w, g, self.t, **self.states, **now)


@lru_cache(maxsize=256)
def _compiled(rule: Rule, settings: tuple[str, ...]) -> Callable[..., Callable[..., Any]]:
    """A function of settings and surface that gives a function of (w, g, t, states) to (next w, next states).

    What it gives may be told another learning rate at each step.
    """
    states = [state.name for state in rule.states]
    source = [
        f"def bind({', '.join((*settings, 'loss', 'gradient', 'hessian'))}):",
        f"    def step({', '.join(('w', 'g', 't', *states))}, *, learning_rate=learning_rate):",
        *(f"        {line.name} = {line.code}" for line in rule.lines),
        f"        return w, {{{', '.join(f'{name!r}: {name}' for name in states)}}}",
        "    return step",
    ]
    namespace: dict[str, Any] = {**FUNCTIONS, **CONSTANTS}
    exec(compile("\n".join(source), "<update rule>", "exec"), namespace)
    bind: Callable[..., Callable[..., Any]] = namespace["bind"]
    return bind


@lru_cache(maxsize=256)
def _expression(code: str) -> Any:
    return compile(code, "<update rule>", "eval")
