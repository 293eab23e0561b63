"""``gdviz descend``, a contract that scripts rely on."""

import csv
import io
import subprocess
import sys

import numpy as np
import pytest

from gdviz.cli import main
from gdviz.declared.optimizers import OptimizerSpec
from gdviz.descent.catalog import SURFACES
from gdviz.descent.trajectory import StoppingRule, race

BOWL = ["descend", "--surface", "bowl", "--optimizer", "sgd", "--start", "1", "1", "--steps", "3"]


def replaced(option, *values):
    """The command above with other values for one option, or without it."""
    begin = BOWL.index(option)
    end = next((i for i in range(begin + 1, len(BOWL)) if BOWL[i].startswith("--")), len(BOWL))
    return [*BOWL[:begin], *([option, *values] if values else []), *BOWL[end:]]


def rows(text):
    return [[float(cell) for cell in row] for row in list(csv.reader(io.StringIO(text)))[1:]]


def refusal(arguments, capsys):
    """The line with which a command refuses."""
    try:
        status = main(arguments)
    except SystemExit as end:
        status = end.code
    output = capsys.readouterr()
    assert status == 2
    assert output.out == ""
    (line,) = output.err.splitlines()
    return line


def test_prints_every_step_in_full_precision(capsys):
    assert main([*BOWL, "--learning-rate", "0.1"]) == 0
    output = capsys.readouterr()
    assert output.err == ""
    assert output.out.splitlines()[:2] == ["step,w0,w1,loss,g0,g1", "0,1.0,1.0,2.0,2.0,2.0"]
    (expected,) = race(SURFACES["bowl"], [OptimizerSpec("sgd", {"learning_rate": 0.1})], (1.0, 1.0), 3)
    table = np.array(rows(output.out))
    np.testing.assert_array_equal(table[:, 0], range(4))
    np.testing.assert_array_equal(table[:, 1:3], expected.positions)
    np.testing.assert_array_equal(table[:, 3], expected.losses)
    np.testing.assert_array_equal(table[:, 4:], expected.gradients)


def test_makes_exactly_the_steps_asked_for_even_where_nothing_moves(capsys):
    assert main([*replaced("--start", "0", "0"), "--learning-rate", "0.5"]) == 0
    assert len(rows(capsys.readouterr().out)) == 4


def test_no_steps_are_the_start_alone(capsys):
    assert main(replaced("--steps", "0")) == 0
    assert rows(capsys.readouterr().out) == [[0, 1, 1, 2, 2, 2]]


def test_a_diverged_run_ends_with_its_last_finite_row(capsys):
    assert main([*replaced("--steps", "5000"), "--learning-rate", "3"]) == 0
    output = capsys.readouterr()
    table = rows(output.out)
    assert len(table) < 400
    assert np.isfinite(table).all()
    assert output.err == (
        f"gdviz descend: diverged: the loss is not finite at step {len(table)}; the last row is step {len(table) - 1}\n"
    )


def test_settings_reach_the_optimizer(capsys):
    assert main([*BOWL, "--set", "momentum=0.5", "--set", "nesterov=yes", "--set", "learning_rate=0.1"]) == 0
    spec = OptimizerSpec("sgd", {"momentum": 0.5, "nesterov": True, "learning_rate": 0.1})
    (expected,) = race(SURFACES["bowl"], [spec], (1.0, 1.0), 3, StoppingRule(0.0))
    np.testing.assert_array_equal(np.array(rows(capsys.readouterr().out))[:, 1:3], expected.positions)


@pytest.mark.parametrize("formula", ["x^2 + y^2", "-x**2", "-(x-1)^2+abs(y)"])
def test_takes_a_formula(formula, capsys):
    arguments = ["--formula", formula, *BOWL[3:]]
    assert main(["descend", *arguments]) == 0
    assert len(rows(capsys.readouterr().out)) == 4


def test_takes_negative_numbers_as_python_prints_them(capsys):
    assert main(replaced("--start", "-1e-05", "-.5")) == 0
    assert rows(capsys.readouterr().out)[0][1:3] == [-1e-05, -0.5]


def test_writes_a_file(tmp_path, capsys):
    path = tmp_path / "steps.csv"
    path.write_text("old")
    assert main([*BOWL, "--output", str(path)]) == 0
    assert capsys.readouterr().out == ""
    assert len(rows(path.read_text())) == 4
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (replaced("--surface", "bow"), "there is no surface 'bow'; there are bowl, valley"),
        (replaced("--optimizer", "sdg"), "there is no optimizer 'sdg'; there are sgd, momentum"),
        (replaced("--start", "1", "nan"), "--start: 'nan' is not allowed; allowed is a finite number"),
        (replaced("--start", "1", "inf"), "--start: 'inf' is not allowed"),
        (replaced("--start", "1", "one"), "--start: 'one' is not allowed"),
        (replaced("--start", "1"), "--start: expected 2 arguments"),
        (replaced("--steps", "-3"), "--steps: '-3' is not allowed; allowed is a whole number 0 to 1000000"),
        (replaced("--steps", "2.5"), "--steps: '2.5' is not allowed"),
        (replaced("--steps", "1000001"), "--steps: '1000001' is not allowed"),
        (replaced("--steps"), "the following arguments are required: --steps"),
        (replaced("--surface"), "one of the arguments --surface --formula is required"),
        ([*BOWL, "--formula", "x"], "--formula: not allowed with argument --surface"),
        ([*BOWL, "--learning-rate", "0"], "learning_rate is 0.0; allowed is a number above 0"),
        ([*BOWL, "--learning-rate", "fast"], "learning_rate is 'fast'; allowed is a number above 0"),
        ([*BOWL, "--set", "momentum"], "--set 'momentum' has no value; write NAME=VALUE"),
        ([*BOWL, "--set", "momentum=2"], "momentum is 2.0; allowed is a number at least 0 and at most 1"),
        ([*BOWL, "--set", "speed=2"], "sgd has no setting 'speed'; it has learning_rate, momentum"),
        ([*BOWL, "--set", "clipnorm=1", "--set", "clipvalue=1"], "clipnorm and clipvalue are both set"),
        ([*BOWL, "--speed", "3"], "there is no argument --speed"),
        ([*BOWL, "--output", "/no/such/folder/steps.csv"], "there is no folder /no/such/folder"),
        ([*BOWL, "--output", "/"], "it is a folder"),
        (["descend", "--formula", "2x", *BOWL[3:]], "write 2*x for 2x"),
        (["descend", "--formula", "log(-x)", *BOWL[3:]], "the loss at the start 1 1 is not finite"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_input_gives_one_clear_line(arguments, words, capsys):
    line = refusal(arguments, capsys)
    assert line.startswith("gdviz descend: error: ")
    assert words in line


def test_a_reader_may_stop_reading():
    command = [sys.executable, "-m", "gdviz", *replaced("--steps", "20000")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "step,w0,w1,loss,g0,g1\n"
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait() == 0


def test_as_a_program():
    done = subprocess.run([sys.executable, "-m", "gdviz", *BOWL], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(rows(done.stdout)) == 4
