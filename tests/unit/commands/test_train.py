"""``gdviz train``: every bad input is one clear line before TensorFlow loads, and a run is what was asked for."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from gdviz.commands import train
from gdviz.commands.parser import BAD_INPUT, Parser
from gdviz.training.compiler import Compiler

QUICK = ["--dataset", "circle", "--hidden", "4", "--epochs", "3"]
KEYS = [
    "epochs",
    "loss",
    "accuracy",
    "test_loss",
    "test_accuracy",
    "stopped_early",
    "compile_seconds",
    "train_seconds",
    "epochs_per_second",
]


def run(*arguments: str | Path) -> int:
    parser = Parser(prog="gdviz")
    train.add_parser(parser.add_subparsers())
    try:
        args = parser.parse_args(["train", *map(str, arguments)])
    except SystemExit as ended:
        return int(ended.code or 0)
    status: int = args.run(args)
    return status


@pytest.fixture(autouse=True)
def no_training_where_input_is_bad(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "words" in request.fixturenames:
        monkeypatch.setattr(train, "_train", lambda *_: pytest.fail("it trained"))


@pytest.fixture(autouse=True, scope="module")
def programs_are_compiled_once() -> Iterator[None]:
    """Compiling takes most of a short run's time, and many runs here need the same program."""
    compiled = cache(lambda structure: structure.compiled())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Compiler, "now", lambda self, structure: self._keep(structure, compiled(structure)))
        yield


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "one of the arguments --dataset --points is required"),
        (["--dataset", "circle", "--points", "a.csv"], "not allowed with"),
        (["--dataset", "donut"], "no data set 'donut'; there are circle"),
        (["--dataset", "circle", "--samples", "1"], "samples is 1"),
        (["--dataset", "circle", "--samples", "many"], "'many'"),
        (["--dataset", "circle", "--noise", "0.9"], "noise is 0.9"),
        (["--points", "nowhere.csv"], "cannot read nowhere.csv: No such file"),
        (["--dataset", "circle", "--hidden", "8,x"], "'8,x' is not a list such as 8,8 or none"),
        (["--dataset", "circle", "--hidden", "8,,8"], "is not a list"),
        (["--dataset", "circle", "--hidden", "65"], "at most 64"),
        (["--dataset", "circle", "--hidden", ",".join("1" * 9)], "there are 9 hidden layers"),
        (["--dataset", "circle", "--activation", "step"], "activation is 'step'; allowed is one of linear"),
        (["--dataset", "circle", "--output-head", "tanh"], "allowed is one of sigmoid, softmax"),
        (["--dataset", "circle", "--output-head", "linear"], "these points have labels only"),
        (["--dataset", "plane", "--output-head", "linear", "--loss", "hinge"], "with a linear head allowed is"),
        (["--dataset", "circle", "--optimizer", "sgdd"], "there is no optimizer 'sgdd'"),
        (["--dataset", "circle", "--optimizer", "newton"], "allowed is one of sgd, momentum"),
        (["--dataset", "circle", "--learning-rate", "0"], "learning_rate is 0.0; allowed is a number above 0"),
        (["--dataset", "circle", "--learning-rate", "fast"], "learning_rate is 'fast'"),
        (["--dataset", "circle", "--set", "beta_1"], "NAME=VALUE"),
        (["--dataset", "circle", "--set", "beta_3=1"], "adam has no setting 'beta_3'"),
        (["--dataset", "circle", "--loss", "categorical_crossentropy"], "with a sigmoid head allowed is"),
        (["--dataset", "circle", "--batch-size", "0"], "batch_size is 0"),
        (["--dataset", "circle", "--epochs", "0"], "epochs is 0"),
        (["--dataset", "circle", "--epochs", "1.5"], "epochs is 1.5"),
        (["--dataset", "circle", "--test-fraction", "1"], "test_fraction is 1"),
        (["--dataset", "circle", "--dropout", "1"], "dropout is 1"),
        (["--dataset", "circle", "--l1", "-1"], "l1 is -1"),
        (["--dataset", "circle", "--l2", "nan"], "l2 is nan"),
        (["--dataset", "circle", "--early-stopping", "-1"], "patience is -1"),
        (["--dataset", "circle", "--seed", "-1"], "seed is -1"),
        (["--dataset", "circle", "--save", "model.h5"], "must end with .keras"),
        (["--dataset", "circle", "--save", "no/where/model.keras"], "there is no folder 'no/where'"),
        (["--dataset", "circle", "--history", "no/where/a.csv"], "there is no folder 'no/where'"),
        (["--dataset", "circle", "--history", "/"], "is a folder"),
        (["--dataset", "circle", "--fast"], "unrecognized arguments: --fast"),
    ],
)
def test_bad_input_is_one_line(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*arguments) == BAD_INPUT
    said = capsys.readouterr()
    assert words in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x,y,label\n1,2,blue\n", "points.csv: line 2: the label is 'blue'"),
        ("x,y,label\n", "There are no points"),
        ("x,y,label\n1,2,red\n", "All points are red"),
    ],
)
def test_bad_points_are_one_line(text: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "points.csv"
    path.write_text(text)
    assert run("--points", path) == BAD_INPUT
    assert words in capsys.readouterr().err
    assert run("--points", path, "--samples", "10") == BAD_INPUT
    assert "belong to --dataset" in capsys.readouterr().err


def test_bad_input_is_found_without_tensorflow() -> None:
    script = "import sys; from gdviz.commands import train; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_json_has_exactly_the_keys_of_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*QUICK, "--test-fraction", "0", "--json") == 0
    said = capsys.readouterr()
    result = json.loads(said.out)
    assert list(result) == KEYS
    assert result["epochs"] == 3
    assert result["test_loss"] is result["test_accuracy"] is None
    assert result["stopped_early"] is False
    assert result["epochs_per_second"] == pytest.approx(3 / result["train_seconds"])
    assert said.err == ""


def test_history_and_model_are_written_and_runs_repeat(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    results, histories = [], []
    for name in ("one", "two"):
        history = tmp_path / f"{name}.csv"
        assert run(*QUICK, "--dropout", "0.2", "--json", "--history", history, "--save", tmp_path / "m.keras") == 0
        results.append(json.loads(capsys.readouterr().out))
        histories.append(history.read_text())
    assert histories[0] == histories[1]
    rows = list(csv.DictReader(histories[0].splitlines()))
    assert list(rows[0]) == ["epoch", "loss", "accuracy", "test_loss", "test_accuracy"]
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    for name in KEYS[1:5]:
        assert results[0][name] == results[1][name] == float(rows[-1][name])
    assert (tmp_path / "m.keras").stat().st_size > 1000


def test_it_learns(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = "--dataset xor --hidden 8,8 --optimizer adam --learning-rate 0.02 --set beta_1=0.8 --epochs 200 --json"
    assert run(*arguments.split()) == 0
    assert json.loads(capsys.readouterr().out)["test_accuracy"] > 0.9


@pytest.mark.parametrize("nothing", ["", "none", "0"])
def test_a_perceptron_has_no_hidden_layer(nothing: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--dataset", "linear", "--hidden", nothing, "--epochs", "100", "--json") == 0
    assert json.loads(capsys.readouterr().out)["accuracy"] > 0.95


def test_values_are_learned_and_have_no_accuracy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    points, history = tmp_path / "points.csv", tmp_path / "history.csv"
    rows = [(x, y, 0.5 * x - 0.25 * y + 3.0) for x in range(-3, 4) for y in range(-3, 4)]
    points.write_text("x,y,value\n" + "".join(f"{x},{y},{value}\n" for x, y, value in rows))
    arguments = "--output-head linear --hidden none --learning-rate 0.05 --epochs 100"
    assert run("--points", points, *arguments.split(), "--history", history, "--json") == 0
    result = json.loads(capsys.readouterr().out)
    assert list(result) == KEYS
    assert result["test_loss"] < 1e-3
    assert result["accuracy"] is result["test_accuracy"] is None
    assert len(history.read_text().splitlines()) == 101
    assert run("--points", points, *arguments.split()) == 0
    assert "accuracy" not in capsys.readouterr().out


def test_the_seed_decides_the_test_points_too(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(train, "_train", lambda args, points, network, training: seen.append(training))
    assert run(*QUICK, "--seed", "9") == 0
    assert (seen[0].seed, seen[0].split_seed) == (9, 9)


def test_early_stopping_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = "--dataset overfit --optimizer sgd --learning-rate 2 --early-stopping 2 --epochs 2000 --json"
    assert run(*arguments.split()) == 0
    said = capsys.readouterr()
    result = json.loads(said.out)
    assert result["stopped_early"] is True
    assert result["epochs"] < 2000


def test_divergence_is_said_and_the_last_finite_epoch_reported(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = "--dataset circle --optimizer sgd --learning-rate 50 --l2 1 --epochs 100 --json"
    assert run(*arguments.split()) == 0
    said = capsys.readouterr()
    assert "Try a lower learning rate such as 0.01" in said.err
    result = json.loads(said.out)
    assert result["epochs"] < 100
    assert result["loss"] is not None


def test_the_summary_is_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*QUICK) == 0
    said = capsys.readouterr().out
    assert "accuracy" in said
    assert "epochs/s" in said
