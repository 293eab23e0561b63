"""Lines as LaTeX: every one renders, and says what the line computes."""

import re
from functools import cache

import numpy as np
import pytest
import ziamath

from gdviz.declared.optimizers import OPTIMIZERS, OptimizerSpec
from gdviz.declared.schedules import SCHEDULES, ScheduleSpec
from gdviz.descent.catalog import SURFACES
from gdviz.descent.optimizers import RULES
from gdviz.descent.rules import FUNCTIONS, Line, evaluate, names_in
from gdviz.descent.schedules import _LINES
from gdviz.descent.stability import stability_limit
from gdviz.descent.substeps import substeps
from gdviz.descent.trajectory import StoppingRule, race
from gdviz.descent.typeset import formula, with_numbers

FOR_EVER = StoppingRule(tolerance=0.0, far_outside=np.inf)
LINES = list(
    dict.fromkeys(line for lines in (*(rule.lines for rule in RULES.values()), *_LINES.values()) for line in lines)
)
MORE_THAN_ARITHMETIC = {"armijo_halvings", "newton_direction", "product", "secant_update", "where"}


@cache
def renders(latex):
    return ziamath.Latex(latex).svg().startswith("<svg")


def rendered(latex):
    """Whether it renders; of those that differ in digits alone one is tried, as it takes a tenth of a second."""
    return renders(re.sub(r"\d+", "1", latex))


def of(name, code):
    return formula(Line(name, code, ""))


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.name} = {line.code}")
def test_every_line_renders(line):
    assert renders(formula(line))
    # Every name has a symbol of its own; none stands spelled out.
    assert not re.search(r"mathrm\{\w*\\ ", formula(line))


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_every_line_renders_with_its_numbers(key):
    surface = SURFACES["two_wells"]
    plan = ScheduleSpec("cosine", {"warmup_target": 0.1, "warmup_steps": 5})
    settings = {"clipnorm": 0.5, "weight_decay": 0.1} if OPTIMIZERS[key].keras_name else {}
    (trajectory,) = race(surface, [OptimizerSpec(key, settings)], surface.start, 12, FOR_EVER, schedules=[plan])
    for step in (0, 9):
        for each in substeps(surface, trajectory, step):
            assert rendered(with_numbers(each.line, each.uses, each.value))


@pytest.mark.parametrize("key", SCHEDULES)
def test_schedules_render_with_their_numbers(key):
    surface = SURFACES["bowl"]
    (trajectory,) = race(surface, [OptimizerSpec()], (1, 1), 3, FOR_EVER, schedules=[ScheduleSpec(key)])
    for each in substeps(surface, trajectory, 2):
        assert rendered(with_numbers(each.line, each.uses, each.value))


def computed(latex):
    """The value of LaTeX made of numbers, in plain Python: another way to it than the one that wrote it."""

    def group(text, start):
        depth = 0
        for index in range(start, len(text)):
            depth += {"{": 1, "}": -1}.get(text[index], 0)
            if depth == 0:
                return text[start + 1 : index], index + 1
        raise AssertionError(text)

    python = ""
    position = 0
    while position < len(latex):
        rest = latex[position:]
        if rest.startswith(r"\frac{"):
            above, position = group(latex, position + 5)
            below, position = group(latex, position)
            python += f"(({computed(above)!r})/({computed(below)!r}))"
        elif rest.startswith(r"\sqrt{"):
            inside, position = group(latex, position + 5)
            python += f"(({computed(inside)!r})**0.5)"
        elif rest.startswith("{"):
            inside, position = group(latex, position)
            python += f"({inside.strip()})" if inside.strip().replace(".", "").isdigit() else f"({computed(inside)!r})"
        elif rest.startswith("^{"):
            inside, position = group(latex, position + 1)
            python += f"**({computed(inside)!r})"
        else:
            for word, meaning in {
                r"\left|": "abs(",
                r"\right|": ")",
                r"\left\|": "abs(",
                r"\right\|": ")",
                r"\left\lfloor": "np.floor(",
                r"\right\rfloor": ")",
                r"\left(": "(",
                r"\right)": ")",
                r"\cdot": "*",
                r"\max": "max",
                r"\min": "min",
                r"\cos": "np.cos",
                r"\mathrm{sign}": "np.sign",
                r"\pi": "*np.pi*1",
            }.items():
                if rest.startswith(word):
                    python += meaning
                    position += len(word)
                    break
            else:
                python += latex[position]
                position += 1
    return float(eval(python.replace("(*np.pi", "(np.pi"), {"np": np}))


@pytest.mark.parametrize(
    "line",
    [line for line in LINES if not names_in(line) & MORE_THAN_ARITHMETIC],
    ids=lambda line: f"{line.name} = {line.code}",
)
@pytest.mark.parametrize("seed", range(3))
def test_the_formula_says_what_the_line_computes(line, seed):
    names = sorted(names_in(line) - FUNCTIONS.keys() - {"pi"})
    numbers = np.random.default_rng(seed).integers(1, 80, size=len(names)) / 80
    values = {name: float(number) for name, number in zip(names, numbers, strict=True)}
    if "g" in values and seed:
        values["g"] *= -1
    expected = float(evaluate(line, {**values, "norm": abs}))
    _, right = with_numbers(line, values).split(" = ", 1)
    right = right.replace(r"\pi \cdot", r"3.141592653589793 \cdot").replace(r"\pi", "3.141592653589793")
    if np.isfinite(expected):
        assert computed(right) == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "code", "latex"),
    [
        ("m", "beta_1 * m + (1 - beta_1) * g", r"m_{t} = \beta_1 m_{t-1} + \left(1 - \beta_1\right) g"),
        ("w", "w - learning_rate * g / scale", r"w_{t} = w_{t-1} - \frac{\eta g}{\mathrm{RMS}\left[g\right]}"),
        ("alpha", "learning_rate * shrink**halvings", r"\alpha = \eta {\tau}^{k}"),
        ("mu_product", "mu_product * mu", r"\Pi_{\mu,t} = \Pi_{\mu,t-1} \mu"),
        ("d", "-(a - b) * 2", r"\mathrm{d} = -\left(\mathrm{a} - \mathrm{b}\right) \cdot 2"),
        ("some_name", "a - (b - c)", r"\mathrm{some\ name} = \mathrm{a} - \left(\mathrm{b} - \mathrm{c}\right)"),
        ("q", "(a / b)**-c", r"\mathrm{q} = {\left(\frac{\mathrm{a}}{\mathrm{b}}\right)}^{-\mathrm{c}}"),
    ],
)
def test_reads_as_in_the_papers(name, code, latex):
    assert of(name, code) == latex
    assert ziamath.Latex(latex).svg()


@pytest.mark.parametrize(
    ("value", "latex"),
    [
        (0.9, "0.9"),
        (1e-7, "10^{-7}"),
        (0.99999, "0.99999"),
        (1 / 3, "0.3333"),
        (-1234.5678, "-1235"),
        (0.00012345678, r"1.235 \cdot 10^{-4}"),
        (-2e20, r"-2 \cdot 10^{20}"),
        (5.0, "5"),
        (0.0, "0"),
        (-np.inf, r"-\infty"),
        (np.nan, r"\mathrm{nan}"),
        ((1.5, -2.0), r"\begin{pmatrix} 1.5 \\ -2 \end{pmatrix}"),
        (np.eye(2), r"\begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}"),
    ],
)
def test_numbers_are_short(value, latex):
    text = with_numbers(Line("s", "y", ""), {"y": value})
    assert text == f"s = {latex}"
    assert ziamath.Latex(text).svg()


def test_negative_numbers_stand_in_parentheses():
    line = Line("s", "w - learning_rate * g", "")
    values = {"w": -1.0, "learning_rate": 1e-4, "g": -2.0}
    assert with_numbers(line, values, -0.9998) == (r"s = -1 - 10^{-4} \cdot \left(-2\right) = -0.9998")


def test_limits_of_the_coach_can_be_typeset():
    assert stability_limit(OptimizerSpec("momentum"), 2.0) == pytest.approx(1.9)
    assert ziamath.Latex(of("learning_rate", "2 * (1 + momentum) / curvature")).svg()


def test_what_no_rule_may_contain():
    with pytest.raises(ValueError, match="cannot be typeset"):
        of("w", "[w]")
