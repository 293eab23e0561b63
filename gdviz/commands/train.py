"""``gdviz train``: train a network without the window, and print what came of it."""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gdviz.commands.parser import BAD_INPUT, number, settings
from gdviz.declared.optimizers import OPTIMIZERS, OptimizerSpec, optimizer
from gdviz.declared.parameter import Parameter, Value
from gdviz.files import write_atomically
from gdviz.network.datasets import DATASETS, dataset
from gdviz.network.points import Points
from gdviz.network.points_file import read_points
from gdviz.network.spec import LOSSES, PARAMETERS, Layer, NetworkSpec, TrainingSpec, check, lack_of

if TYPE_CHECKING:  # importing it imports TensorFlow
    from gdviz.training.session import Session

_DESCRIPTION = "Train a network on points and print what came of it: loss, accuracy and how long it took."
_NO_LAYERS = {"", "0", "none"}
_EPOCHS = replace(PARAMETERS["epochs"], default=100, minimum=1, meaning="epochs to train")
_BATCH_SIZE = replace(PARAMETERS["batch_size"], minimum=1, meaning="points a step")
_MANY_BATCHES = 1_000_000  # a call takes as many as fit
_PROGRESS_SECONDS = 0.1


def add_parser(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Declare ``gdviz train`` and its options."""
    parser = subparsers.add_parser("train", help="train a network and print what came of it", description=_DESCRIPTION)
    parser.set_defaults(run=run)
    points = parser.add_mutually_exclusive_group(required=True)
    points.add_argument("--dataset", metavar="KEY", help=f"one of {', '.join(DATASETS)}")
    points.add_argument("--points", type=Path, metavar="FILE.csv", help="points with the header x,y,label or x,y,value")
    parser.add_argument("--samples", type=number, metavar="N", help="points of the data set")
    parser.add_argument("--noise", type=number, metavar="F", help="noise of the data set, 0 to 0.5")

    parser.add_argument(
        "--hidden",
        type=_units,
        default=(8, 8),
        metavar="8,8",
        help="neurons of each hidden layer; none: no hidden layer",
    )
    _add(parser, "--activation", PARAMETERS["activation"])
    _add(parser, "--output-head", PARAMETERS["head"])
    _add(parser, "--dropout", PARAMETERS["dropout"])
    _add(parser, "--l1", PARAMETERS["l1"])
    _add(parser, "--l2", PARAMETERS["l2"])

    keys = ", ".join(key for key, declaration in OPTIMIZERS.items() if declaration.keras_name)
    parser.add_argument("--optimizer", metavar="KEY", help=f"one of {keys} (default: adam at 0.01)")
    parser.add_argument("--learning-rate", metavar="F", help="default: the optimizer's own")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of the optimizer; may be repeated"
    )
    parser.add_argument("--loss", default="", metavar="KEY", help=f"one of {', '.join(LOSSES)} (default: the head's)")
    _add(parser, "--batch-size", _BATCH_SIZE)
    _add(parser, "--epochs", _EPOCHS)
    _add(parser, "--test-fraction", PARAMETERS["test_fraction"])
    _add(parser, "--early-stopping", PARAMETERS["patience"], metavar="PATIENCE")
    _add(parser, "--seed", PARAMETERS["seed"])

    parser.add_argument("--save", type=Path, metavar="MODEL.keras", help="write the trained model")
    parser.add_argument("--history", type=Path, metavar="FILE.csv", help="write loss and accuracy of every epoch")
    parser.add_argument("--json", action="store_true", help="print the result as a JSON object")


def run(args: argparse.Namespace) -> int:
    """Carry out ``gdviz train``.

    Returns:
        The exit status: 0, or 2 where the input is bad or a file cannot be read or written.
    """
    try:
        points, network, training = _points(args), _network(args), _training(args)
        check(network, training)
        _check_outputs(args)
        if lack := lack_of(network, points):
            raise ValueError(lack)
        if network.regression and not points.has_values:
            raise ValueError("--output-head is 'linear', which learns values; these points have labels only")
        _train(args, points, network, training)
    except (ValueError, OSError) as error:
        # A reader that has seen enough, such as head, is no error of ours.
        if isinstance(error, BrokenPipeError):
            raise
        print(f"gdviz train: error: {error}", file=sys.stderr)
        return BAD_INPUT
    return 0


def _train(args: argparse.Namespace, points: Points, network: NetworkSpec, training: TrainingSpec) -> None:
    from gdviz.training.runtime import start_tensorflow

    start_tensorflow()
    from gdviz.training.compiler import Compiler
    from gdviz.training.session import Session

    compiler = Compiler()
    session = Session(network, training, points, compiler)
    began = time.perf_counter()
    compiler.now(session.structure)
    compiled = time.perf_counter()
    history = _trained(session, training.epochs)
    train_seconds = time.perf_counter() - compiled

    if args.history:
        write_atomically(args.history, _history_csv(history))
    if args.save:
        session.save(args.save)
    result = _result(session, training, compiled - began, train_seconds)
    if args.json:
        finite = {name: None if math.isnan(value) else value for name, value in result.items()}
        print(json.dumps(finite, allow_nan=False))
    else:
        print(_summary(result))
    if session.reason and session.epoch < training.epochs:
        print(f"gdviz train: {session.reason}", file=sys.stderr)


def _trained(session: Session, epochs: int) -> NDArray[np.float64]:
    """Train until the session ends; the history, shape (epochs, 5)."""
    parts = []
    shown = -math.inf
    terminal = sys.stderr.isatty()
    while not session.ending:
        rows, _ = session.advance(_MANY_BATCHES)
        parts.append(rows)
        if terminal and time.perf_counter() > shown + _PROGRESS_SECONDS:
            shown = time.perf_counter()
            print(f"\repoch {session.epoch}/{epochs}  loss {session.metrics.loss:.4g}\x1b[K", end="", file=sys.stderr)
    if terminal:
        print("\r\x1b[K", end="", file=sys.stderr)
    return np.concatenate(parts)


def _result(session: Session, training: TrainingSpec, compile_seconds: float, train_seconds: float) -> dict[str, float]:
    """What ``--json`` prints, in this order; part of the command line's contract."""
    metrics = session.metrics
    return {
        "epochs": session.epoch,
        "loss": metrics.loss,
        "accuracy": metrics.accuracy,
        "test_loss": metrics.test_loss,
        "test_accuracy": metrics.test_accuracy,
        "stopped_early": session.ending == "stopped" and session.epoch < training.epochs,
        "compile_seconds": compile_seconds,
        "train_seconds": train_seconds,
        "epochs_per_second": session.epoch / train_seconds,
    }


def _summary(result: Mapping[str, float]) -> str:
    lines = [
        f"epochs     {result['epochs']}",
        "training   " + _measured(result["loss"], result["accuracy"]),
        f"time       {result['train_seconds']:.2f} s ({result['epochs_per_second']:,.0f} epochs/s), "
        f"{result['compile_seconds']:.2f} s to compile",
    ]
    if not math.isnan(result["test_loss"]):
        lines.insert(2, "test       " + _measured(result["test_loss"], result["test_accuracy"]))
    return "\n".join(lines)


def _measured(loss: float, accuracy: float) -> str:
    return f"loss {loss:.4g}" + ("" if math.isnan(accuracy) else f", accuracy {100 * accuracy:.1f} %")


def _history_csv(history: NDArray[np.float64]) -> bytes:
    lines = ["epoch,loss,accuracy,test_loss,test_accuracy"]
    lines += [f"{int(epoch)}," + ",".join(map(repr, values)) for epoch, *values in history.tolist()]
    return ("\n".join(lines) + "\n").encode()


# Options as specs -----------------------------------------------------------------------------------------------------


def _add(parser: argparse.ArgumentParser, option: str, parameter: Parameter, metavar: str | None = None) -> None:
    """An option as the parameter declares it."""
    kinds = {"integer": "N", "number": "F", "choice": "KEY"}
    choices = f": {', '.join(parameter.choices)}" if parameter.choices else ""
    parser.add_argument(
        option,
        type=_parsed_by(parameter),
        default=parameter.default,
        metavar=metavar or kinds[parameter.kind],
        help=f"{parameter.meaning}{choices} (default: {parameter.default})",
    )


def _parsed_by(parameter: Parameter) -> Callable[[str], Value]:
    def parse(text: str) -> Value:
        try:
            return parameter.parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return parse


def _units(text: str) -> tuple[int, ...]:
    if text.strip().lower() in _NO_LAYERS:
        return ()
    try:
        return tuple(int(PARAMETERS["units"].parse(word)) for word in text.split(","))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a list such as 8,8 or none: {error}") from None


def _points(args: argparse.Namespace) -> Points:
    if args.points is None:
        return dataset(args.dataset).make(args.samples, args.noise, args.seed)
    if args.samples is not None or args.noise is not None:
        raise ValueError("--samples and --noise belong to --dataset; points of a file are taken as they are")
    try:
        return read_points(args.points)
    except OSError as error:
        raise OSError(f"cannot read {args.points}: {error.strerror or error}") from None
    except ValueError as error:
        raise ValueError(f"{args.points}: {error}") from None


def _network(args: argparse.Namespace) -> NetworkSpec:
    layers = tuple(Layer(units, args.activation, args.dropout) for units in args.hidden)
    return NetworkSpec(layers, args.output_head, l1=args.l1, l2=args.l2)


def _training(args: argparse.Namespace) -> TrainingSpec:
    return TrainingSpec(
        _optimizer(args),
        args.loss,
        args.batch_size,
        args.test_fraction,
        args.early_stopping,
        args.epochs,
        args.seed,
        split_seed=args.seed,
    )


def _optimizer(args: argparse.Namespace) -> OptimizerSpec:
    given = TrainingSpec().optimizer if args.optimizer is None else OptimizerSpec(args.optimizer)
    declaration = optimizer(given.key)
    texts = [*args.set] if args.learning_rate is None else [*args.set, f"learning_rate={args.learning_rate}"]
    changed = settings(texts, lambda name, text: declaration.parameter(name).parse(text))
    return OptimizerSpec(given.key, {**given.settings, **changed})


def _check_outputs(args: argparse.Namespace) -> None:
    """Find out before training rather than after it."""
    if args.save and args.save.suffix != ".keras":
        raise ValueError(f"--save is {str(args.save)!r}; the name must end with .keras")
    for path in (args.save, args.history):
        if path and not path.parent.is_dir():
            raise ValueError(f"there is no folder {str(path.parent)!r} to write {path.name} to")
        if path and path.is_dir():
            raise ValueError(f"{str(path)!r} is a folder; a file is needed")
