"""``gdviz descend``: walk down a surface with one optimizer, and print every step as CSV."""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gdviz.commands.parser import BAD_INPUT, number, settings, whole_number
from gdviz.descent.trajectory_file import HEADER, csv_lines

if TYPE_CHECKING:
    from gdviz.declared.optimizers import OptimizerSpec
    from gdviz.descent.surface import Surface
    from gdviz.descent.trajectory import Trajectory

MAX_STEPS = 1_000_000


def add_parser(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Declare ``gdviz descend`` and its options."""
    parser = subparsers.add_parser(
        "descend",
        help="walk down a surface and print every step as CSV",
        description="Walk down a surface with one optimizer and print every step as CSV: " + HEADER + ". It makes "
        "exactly the steps asked for, unless it diverges: then the last row is the last finite one.",
    )
    parser.set_defaults(run=run)
    surface = parser.add_mutually_exclusive_group(required=True)
    surface.add_argument("--surface", metavar="KEY", help="one of gdviz list surfaces")
    surface.add_argument("--formula", metavar="TEXT", help="a loss in x and y, such as 'x^2 + 3*sin(y)'")
    parser.add_argument("--optimizer", metavar="KEY", required=True, help="one of gdviz list optimizers")
    parser.add_argument("--learning-rate", metavar="F", help="default: the optimizer's own")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of the optimizer; may be repeated"
    )
    parser.add_argument("--start", nargs=2, type=number, required=True, metavar=("W0", "W1"))
    parser.add_argument("--steps", type=whole_number(0, MAX_STEPS), required=True, metavar="N")
    parser.add_argument("--output", type=Path, metavar="FILE.csv", help="default: standard output")


def run(args: argparse.Namespace) -> int:
    """Carry out ``gdviz descend``.

    Returns:
        the exit status: 0, or 2 where the input is bad or the file cannot be written.
    """
    try:
        _descend(args)
    except BrokenPipeError:
        raise  # a reader that has seen enough, such as head, is no bad input
    except (ValueError, OSError) as error:
        print(f"gdviz descend: error: {error}", file=sys.stderr)
        return BAD_INPUT
    return 0


def _descend(args: argparse.Namespace) -> None:
    # Imported late, because NumPy takes longer than the rest of the command line together.
    from gdviz.descent.trajectory import Outcome, StoppingRule, race

    surface, optimizer = _surface(args), _optimizer(args)
    exactly = StoppingRule(tolerance=0.0, far_outside=math.inf)
    (trajectory,) = race(surface, [optimizer], args.start, args.steps, exactly)
    if not math.isfinite(trajectory.losses[0]):
        raise ValueError(f"the loss at the start {args.start[0]:g} {args.start[1]:g} is not finite; start elsewhere")
    _write(trajectory, args.output)
    if trajectory.outcome is Outcome.DIVERGED:
        print(f"gdviz descend: diverged: {trajectory.reason}; the last row is step {trajectory.steps}", file=sys.stderr)


def _surface(args: argparse.Namespace) -> Surface:
    if args.formula is not None:
        from gdviz.descent.formula import formula_surface

        return formula_surface(args.formula)
    from gdviz.descent.catalog import surface

    return surface(args.surface)


def _optimizer(args: argparse.Namespace) -> OptimizerSpec:
    from gdviz.declared.optimizers import OptimizerSpec, optimizer

    declaration = optimizer(args.optimizer)
    texts = [*args.set] if args.learning_rate is None else [*args.set, f"learning_rate={args.learning_rate}"]
    spec = OptimizerSpec(declaration.key, settings(texts, lambda name, text: declaration.parameter(name).parse(text)))
    spec.values()
    return spec


def _write(trajectory: Trajectory, output: Path | None) -> None:
    from gdviz.files import write_atomically

    if output is None:
        sys.stdout.writelines(csv_lines(trajectory))
    else:
        write_atomically(output, "".join(csv_lines(trajectory)))
