"""What is to be said about a typed formula: whether it is allowed, what is wrong and where, and how it looks."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gdviz.descent.formula import SPELLINGS
from gdviz.descent.formula_latex import formula_latex
from gdviz.descent.races import surface_of
from gdviz.descent.spec import FORMULA, SurfaceSpec
from gdviz.descent.surface import Surface
from gdviz.gui.descent.views.relief import Relief, relief
from gdviz.gui.numbers import percent

Corners = tuple[float, float, float, float]
Verdict = Literal["fine", "holes", "wrong"]

LEAST_SHARE = 0.001
"""A smaller share of the area is written as 0.0 %, as if there were none."""

_QUOTED = re.compile(r"""'([^']*)'|"([^"]*)\"""")
_FIRST_WORD = re.compile(r"(\w+) (?:takes|is a function)")


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """A formula and what is to be said about it.

    Attributes:
        text, bounds: what was checked.
        verdict: "wrong" formulas cannot be used; those with "holes" can.
        message: for people.
        where: first character that is wrong and the one behind the last; None where that is not known.
        latex: the formula typeset; "" where it is wrong, or nested too deeply for that.
        relief: the surface, sampled; None where it is wrong.
    """

    text: str
    bounds: Corners
    verdict: Verdict
    message: str
    where: tuple[int, int] | None = None
    latex: str = ""
    relief: Relief | None = None

    @property
    def spec(self) -> SurfaceSpec | None:
        """The surface, None where the formula is wrong."""
        return None if self.verdict == "wrong" else SurfaceSpec(FORMULA, self.text.strip(), self.bounds)


def check(text: str, bounds: Corners) -> Checked:
    """Check a formula within bounds. Deriving it may take a second: for any thread but the GUI's."""
    for number in wrong_bounds(bounds):
        low, high = bounds[2 * number : 2 * number + 2]
        problem = f"w{number} must go from a smaller to a larger number, not from {low:g} to {high:g}."
        return Checked(text, bounds, "wrong", problem)
    try:
        surface = surface_of(SurfaceSpec(FORMULA, text.strip(), bounds))
        sampled = relief(surface, surface.bounds, logarithmic=False)
        _try_derivatives(surface)
    except ValueError as error:
        return Checked(text, bounds, "wrong", _sentence(str(error)), where(text, error))
    except Exception as error:  # whatever SymPy makes of a formula that no one has thought of: said, never raised
        return Checked(text, bounds, "wrong", f"This formula cannot be worked with ({error}); try a simpler one.")
    defined = float(np.isfinite(sampled.loss).mean())
    if defined == 0.0:
        nowhere = "Nowhere within these bounds is this a finite real number; change the formula or the bounds."
        return Checked(text, bounds, "wrong", nowhere)
    message = (
        "Fine; gradient and Hessian are exact."
        if defined == 1.0
        else f"Not defined on {_share(1.0 - defined)} of the area; shown as holes."
    )
    message += _kinks(text)
    return Checked(text, bounds, "fine" if defined == 1.0 else "holes", message, None, formula_latex(text), sampled)


def _share(share: float) -> str:
    """A share that is not zero, and does not look so."""
    return percent(share) if share >= LEAST_SHARE else f"less than {percent(LEAST_SHARE)}"


def _kinks(text: str) -> str:
    """What is said of a formula that has no gradient in places where it is defined; "" of others."""
    used = set(re.findall(r"[a-z]+", text))
    bent = " or ".join(name for name in ("abs", "max", "min") if name in used)
    places = " or ".join([f"a kink of {bent}"] * bool(bent) + ["a jump of sign"] * ("sign" in used))
    return f" On {places} there is no gradient: the mean of both sides is used." if places else ""


def wrong_bounds(bounds: Corners) -> list[int]:
    """The parameters, 0 and 1, whose bounds do not go from a smaller to a larger number."""
    return [number for number in range(2) if not bounds[2 * number] < bounds[2 * number + 1]]


def where(text: str, error: ValueError) -> tuple[int, int] | None:
    """The characters of a formula that an error is about, None where that cannot be told."""
    letters = _letters(text)
    cause = error.__context__
    if isinstance(cause, SyntaxError) and cause.offset:
        # The parser counted in Python's spelling, in which blanks are single.
        before = " ".join(text.translate(SPELLINGS).split())[: cause.offset - 1].replace(" ", "")
        return _characters(letters, min(len(before), len(letters) - 1), 1)
    quoted = _QUOTED.search(str(error)) or _FIRST_WORD.match(str(error))
    if quoted is None:
        return None
    fragment = next(group for group in quoted.groups() if group is not None).translate(SPELLINGS).replace(" ", "")
    compact = "".join(letter for letter, _ in letters)
    wall = r"(?<!\w){}(?!\w)" if re.fullmatch(r"\w+", fragment) else "{}"
    found = re.search(wall.format(re.escape(fragment)), compact)
    return None if found is None or not fragment else _characters(letters, found.start(), len(fragment))


def _letters(text: str) -> list[tuple[str, int]]:
    """The formula in Python's spelling without blanks: each letter, and the index of the character it comes from."""
    return [
        (letter, index)
        for index, character in enumerate(text)
        for letter in character.translate(SPELLINGS)
        if not letter.isspace()
    ]


def _characters(letters: list[tuple[str, int]], first: int, count: int) -> tuple[int, int] | None:
    if not letters or first < 0:
        return None
    last = min(first + count, len(letters)) - 1
    return letters[first][1], letters[last][1] + 1


def _try_derivatives(surface: Surface) -> None:
    """Derivatives are needed for every step; better to know now that they cannot be computed."""
    _, _, points = surface.bounds.grid(5)
    with np.errstate(all="ignore"):
        surface.gradient(points)
        surface.hessian(points)


def _sentence(text: str) -> str:
    """A message of the engine as a sentence; names of functions stay as they are typed."""
    begin = text if _FIRST_WORD.match(text) else f"{text[:1].upper()}{text[1:]}"
    return begin if begin.endswith(".") else f"{begin}."


def is_typed_formula(text: str) -> bool:
    """Whether a catalog surface's formula can be typed: those made of data are told in words."""
    try:
        ast.parse(text.translate(SPELLINGS), mode="eval")
    except SyntaxError:
        return False
    return True
