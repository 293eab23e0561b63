"""A typed formula in x and y becomes a Surface with exact derivatives.

The text is never evaluated: Python's parser makes a tree of it, and a white list of nodes is walked. On the way every
part is written down as a line of NumPy with its first and second derivatives beside it (automatic differentiation,
forwards), so that code and time grow with the length of the formula alone. A computer algebra would expand the
derivatives of ``sin(x)*sin(2*x)*...`` into thousands of terms, and would simplify ``sqrt(x)^2`` to an x that is defined
where it is not. Constant parts are folded with ordinary floats.
"""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import replace

import numpy as np

from gdviz.descent.analytic import surface_of
from gdviz.descent.formula_code import Code
from gdviz.descent.formula_nowhere import why_nowhere
from gdviz.descent.formula_walk import ALLOWED, VARIABLES, Walker
from gdviz.descent.surface import Bounds, Surface

MAX_LENGTH = 500
BOUNDS = Bounds.square(2.0)

# Where a formula may be defined if it is nowhere so inside its bounds.
_FAR_AND_WIDE = [Bounds.square(size).grid(64)[2] for size in (1.0, 30.0, 1000.0)]
# What people type or paste from a paper.
SPELLINGS = str.maketrans({"^": "**", "−": "-", "·": "*", "×": "*", "²": "**2", "³": "**3", "⁴": "**4", "π": "pi"})
"""What people type or paste from a paper, as Python writes it."""

_LEGAL = re.compile(r"[0-9A-Za-z_.,+\-*/() ]*")


def formula_surface(text: str, bounds: Bounds = BOUNDS) -> Surface:
    """The surface of a typed formula.

    Args:
        text: a formula in x and y (or w0 and w1), such as ``x^2 + 3*sin(y)``.
        bounds: where it is to be shown.

    Returns:
        a surface with the exact gradient and Hessian; where a kink has no derivative, abs, sign, min and max count as
        flat. Places where the formula is not defined are NaN.

    Raises:
        ValueError: what cannot be understood, and what is allowed.
    """
    tree, python = _parse(text)
    code = Code()
    whole = Walker(code, text, python).walk(tree, 0, 1.0)
    value = code.function([whole.value])
    surface = surface_of(
        key="formula",
        title="Formula",
        formula=text.strip(),
        bounds=bounds,
        value=lambda x, y: value(x, y)[0],
        gradient=code.function(whole.first),
        hessian=code.function(whole.second),
        dimensions=1 if _variables(tree) == {"x"} else 2,
        tags=("formula",),
    )
    everywhere = (bounds.grid(64)[2], *_FAR_AND_WIDE)
    if not any(np.isfinite(surface.value(points)).any() for points in everywhere):
        why = why_nowhere(tree, text, python, np.concatenate([points.reshape(-1, 2) for points in everywhere]))
        raise ValueError(f"the formula is nowhere a finite real number: {why}")
    return replace(surface, start=_start(surface))


def _start(surface: Surface) -> tuple[float, float]:
    """A place towards the upper left with a loss and a gradient: of a grid, the nearest one to an eighth in."""
    points = surface.bounds.grid(17)[2].reshape(-1, 2)
    wanted = points.min(axis=0) + np.array([0.125, 0.8125]) * np.ptp(points, axis=0)
    smooth = np.isfinite(surface.value(points)) & np.isfinite(surface.gradient(points)).all(axis=-1)
    defined = points[smooth]
    w = defined[np.hypot(*(defined - wanted).T).argmin()] if len(defined) else wanted
    return float(w[0]), float(w[1])


def _parse(text: str) -> tuple[ast.expr, str]:
    """The tree of a formula, and what it was parsed from: the formula in Python's spelling."""
    if len(text) > MAX_LENGTH:
        raise ValueError(f"the formula has {len(text)} characters; allowed are at most {MAX_LENGTH}")
    python = " ".join(text.translate(SPELLINGS).split())
    if not python:
        raise ValueError("the formula is empty; " + ALLOWED)
    legal = _LEGAL.match(python)
    if legal is not None and legal.end() < len(python):
        raise ValueError(f"the formula has the character {python[legal.end()]!r}; {ALLOWED}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of "2if" and the like, which is refused below
            return ast.parse(python, mode="eval").body, python
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        advice = "write 2*x for 2x and sin(x) for sin x"
        raise ValueError(f"the formula {text.strip()!r} is not complete or lacks a sign; {advice}") from None


def _variables(tree: ast.expr) -> set[str]:
    """Which of x and y occur."""
    names = (node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
    return {VARIABLES[name] for name in names if name in VARIABLES}
