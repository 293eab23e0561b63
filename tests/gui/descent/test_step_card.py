"""The step card: what it says is what the trajectory has, and keys walk through it."""

from __future__ import annotations

import re

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLineEdit

from gdviz.declared.optimizers import OPTIMIZERS, OptimizerSpec
from gdviz.descent.races import compute
from gdviz.descent.spec import Noise, Racer, SurfaceSpec, telling_optimizer
from gdviz.gui.descent.step_card.text import hint, seeded_start, verdict
from gdviz.gui.widgets.formula_label import pieces

STEP = 3
FURTHER = {
    "momentum": OptimizerSpec("sgd", {"momentum": 0.9}),
    "nesterov and all of the prelude": OptimizerSpec(
        "sgd", {"momentum": 0.9, "nesterov": True, "clipnorm": 0.5, "weight_decay": 0.01}
    ),
    "amsgrad": OptimizerSpec("adam", {"amsgrad": True}),
    "centered with momentum": OptimizerSpec("rmsprop", {"centered": True, "momentum": 0.9}),
}


@pytest.fixture
def views():
    return "contours"


def alone(tab, qtbot, optimizer: OptimizerSpec) -> None:
    """Let only this optimizer race."""
    session = tab.session
    session.change(msgspec.structs.replace(session.spec, racers=(Racer(optimizer),)))
    qtbot.waitUntil(lambda: session.race.spec == session.spec and session.race.whole)


def walk(tab, qtbot, step: int = STEP) -> None:
    """Open the card and press Page Down until the whole step is explained."""
    tab.session.go_to(step)
    tab.card.set_open(True)
    for count in range(1, len(tab.session.substeps) + 1):
        qtbot.keyClick(tab, Qt.Key.Key_PageDown)
        assert tab.session.substep == count


def shown(tab):
    return [block for block in tab.card.blocks if block.isVisible()]


def numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?(?:\d[\d.]*(?:e[+-]?\d+)?|inf|nan)", text.replace("−", "-"))]


def typeset_numbers(latex: str) -> list[float]:
    """The numbers behind the last equals sign of a formula."""
    plain = re.sub(r"(-?)10\^\{(-?\d+)\}", r"\g<1>1e\2", pieces(latex)[-1])
    plain = re.sub(r"([\d.]+) \\cdot (-?)1e", r"\1e", plain)
    return [float(number) for number in re.findall(r"(?<![\w.])-?\d[\d.]*(?:e-?\d+)?", plain)]


def test_every_optimizer_s_numbers_are_those_of_the_trajectory_typeset_and_seen_whole(tab, qtbot):
    for key in [*OPTIMIZERS, *FURTHER]:
        alone(tab, qtbot, FURTHER.get(key) or telling_optimizer(key, tab.session.surface))
        step = min(STEP, tab.session.last_step - 1)
        walk(tab, qtbot, step)
        check_numbers(tab, step)
        labels = [label for block in shown(tab) for label in (block.formula, block.numbers)]
        qtbot.waitUntil(lambda labels=labels: all(label.complete and label._placed for label in labels), timeout=20_000)
        for label in labels:
            right = max(place.x() + piece.width for place, piece in label._placed)
            assert right <= label.width(), f"{key}: {label.latex}"


def check_numbers(tab, step: int) -> None:
    """What the card says of a step against the trajectory."""
    trajectory = tab.session.race.trajectories[0]
    title = trajectory.title
    words = {block.explained.name: block.explained for block in shown(tab)}  # the last line of each name
    first = shown(tab)[0].explained
    expected = {name: rows[step + 1] for name, rows in trajectory.state.items() if name in words}
    expected["w"] = trajectory.positions[step + 1]
    for said, value in [
        (first, trajectory.gradients[step]),
        *((words[name], value) for name, value in expected.items()),
    ]:
        exact = numbers(said.exact_result.partition(" = ")[2])
        np.testing.assert_array_equal(exact, np.ravel(value), err_msg=title)
        np.testing.assert_allclose(numbers(said.result), np.ravel(value), rtol=5e-3, atol=5.1e-5, err_msg=title)
        typeset = typeset_numbers(said.numbers)
        np.testing.assert_allclose(typeset, np.ravel(value), rtol=6e-4, atol=1e-300, err_msg=title)
    assert [block.explained.code for block in shown(tab)] == [sub.code for sub in tab.session.substeps], title


def test_page_keys_walk_through_sub_steps_and_on_to_the_next_step(tab, qtbot):
    tab.session.go_to(STEP)
    qtbot.keyClick(tab, Qt.Key.Key_S)
    assert tab.card.isVisible()
    for count in (1, 2):
        qtbot.keyClick(tab, Qt.Key.Key_PageDown)
        assert len(shown(tab)) == count
    qtbot.keyClick(tab, Qt.Key.Key_PageDown)
    assert (tab.session.step, tab.session.substep, shown(tab)) == (STEP + 1, 0, [])
    qtbot.keyClick(tab, Qt.Key.Key_PageUp)
    assert (tab.session.step, len(shown(tab))) == (STEP, 2)
    qtbot.keyClick(tab, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert len(shown(tab)) == 1
    qtbot.keyClick(tab, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert len(shown(tab)) == 2


def test_page_keys_step_while_the_card_is_folded(tab, qtbot):
    assert tab.card.isHidden()
    qtbot.keyClick(tab, Qt.Key.Key_PageDown)
    assert tab.session.step == 1
    qtbot.keyClick(tab, Qt.Key.Key_PageUp)
    assert tab.session.step == 0


def test_phases_follow_the_lecture(tab, qtbot):
    tab.card.set_open(True)
    phases = [tab.card._phases.phase]
    for _ in range(3):
        qtbot.keyClick(tab, Qt.Key.Key_PageDown)
        phases.append(tab.card._phases.phase)
    assert phases == [1, 2, 3, 4]
    tab.to_end()
    assert tab.card._phases.phase == 4


def test_it_says_how_it_ended(tab):
    tab.card.set_open(True)
    tab.to_end()
    trajectory = tab.session.race.trajectories[0]
    assert trajectory.reason in tab.card._hint.text()
    assert str(trajectory.outcome) in tab.card.foot.verdict.text()


def test_the_stopping_rule_is_changed_on_the_card(tab, qtbot):
    tab.card.set_open(True)
    field = tab.findChild(QLineEdit, "descent.step_card.tolerance")
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "0.5")
    qtbot.waitUntil(lambda: tab.session.race.spec == tab.session.spec and tab.session.race.whole)
    assert tab.session.spec.tolerance == 0.5
    trajectory = tab.session.race.trajectories[0]
    assert trajectory.gradient_norms[-1] < 0.5 <= trajectory.gradient_norms[-2]


def test_a_seed_is_a_start_and_gives_the_same_one_again(tab, qtbot):
    tab.card.set_open(True)
    field = tab.findChild(QLineEdit, "descent.step_card.seed")
    assert "chosen" in tab.card.foot._start.text()
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    start = tab.session.spec.start
    assert start == seeded_start(17, tab.session.surface)
    assert "random" in tab.card.foot._start.text()
    qtbot.mouseClick(tab.findChild(QAbstractButton, "descent.step_card.new_seed"), Qt.MouseButton.LeftButton)
    assert tab.session.spec.start == seeded_start(round(tab.card.foot.seed.value), tab.session.surface)
    field.selectAll()
    qtbot.keyClicks(field, "17")
    assert tab.session.spec.start == start
    (left, right), (low, high) = tab.session.surface.bounds.w0, tab.session.surface.bounds.w1
    assert left <= start[0] <= right
    assert low <= start[1] <= high


def test_copy_puts_the_step_on_the_clipboard_with_all_digits(tab, qtbot):
    tab.session.select(0)
    walk(tab, qtbot)
    tab.card.setFocus()
    qtbot.keyClick(tab.card, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    text = QGuiApplication.clipboard().text()
    w0, w1 = (float(number) for number in tab.session.race.trajectories[0].positions[STEP + 1])
    assert f"w = ({w0!r}, {w1!r})" in text
    assert "w = w - learning_rate * g" in text.splitlines()


def test_while_it_plays_numbers_change_at_a_readable_rate_and_are_not_typeset(tab, qtbot):
    tab.session.select(3)
    tab.card.set_open(True)
    tab.session.play()
    before = tab.session.step
    seen, refreshes = set(), []
    tab.card._refresh.timeout.connect(lambda: refreshes.append(tab.session.step))
    for _ in range(50):
        qtbot.wait(10)
        seen |= {block.explained.result for block in shown(tab)[:1]}
    assert tab.session.step > before
    assert 2 <= len(seen) <= len(refreshes) + 1
    assert all(block.numbers.text == block.explained.result for block in shown(tab))
    tab.session.pause()
    assert shown(tab) == []


@pytest.mark.parametrize("scale", [0.75, 2.0])
@pytest.mark.parametrize("theme", ["dark", "white"])
def test_it_follows_the_look(tab, qtbot, scale, theme):
    walk(tab, qtbot)
    tab.look.set_theme(theme)
    tab.look.set_scale(scale)
    label = shown(tab)[0].formula
    qtbot.waitUntil(lambda: label.complete)
    assert label._ask("g").color == tab.look.theme.text
    assert label.height() == pytest.approx(26 * scale, rel=0.4)
    tab.look.set_scale(1.0)


def test_it_is_open_again_where_it_was_left_open(tab, tmp_path):
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    for opened in (True, False):
        tab.card.set_open(opened)
        tab.save_state(store)
        tab.card.set_open(not opened)
        tab.restore_state(store)
        assert tab.card.isVisible() == opened
        assert tab.session.explaining == opened


def test_no_racer_is_no_step(tab, qtbot):
    tab.card.set_open(True)
    tab.session.change(msgspec.structs.replace(tab.session.spec, racers=()))
    qtbot.waitUntil(lambda: not tab.session.race.trajectories)
    qtbot.keyClick(tab, Qt.Key.Key_PageDown)
    assert "Add a racer" in tab.card._hint.text()


@pytest.mark.parametrize(
    ("latex", "cut"),
    [
        (r"a = b + \left(1 - c\right) d", ["a = b", r"+ \left(1 - c\right) d"]),
        (r"\begin{pmatrix} 1 \\ -2 \end{pmatrix}", [r"\begin{pmatrix} 1 \\ -2 \end{pmatrix}"]),
        (r"w_{t} = w_{t-1} - \frac{a + b}{c} = 1", ["w_{t} = w_{t-1}", r"- \frac{a + b}{c}", "= 1"]),
    ],
)
def test_formulas_are_cut_outside_brackets(latex, cut):
    assert pieces(latex) == cut


def test_noisy_gradients_have_no_stopping_rule(tab):
    tab.card.set_open(True)
    tab.session.change(msgspec.structs.replace(tab.session.spec, surface=SurfaceSpec("line_mse"), noise=Noise("batch")))
    assert tab.card.foot.tolerance.isHidden()
    assert "noisy" in tab.card.foot._until.text()


def test_a_formula_that_was_forgotten_on_the_way_is_typeset_all_the_same(tab, qtbot):
    walk(tab, qtbot)
    for _ in range(20):
        tab.card.show_step()
    labels = [label for block in shown(tab) for label in (block.formula, block.numbers)]
    qtbot.waitUntil(lambda: all(label.complete and label._placed for label in labels))


def test_an_optimizer_with_fewer_sub_steps_is_explained_to_its_end(tab, qtbot):
    alone(tab, qtbot, OptimizerSpec("nadam"))
    walk(tab, qtbot)
    alone(tab, qtbot, OptimizerSpec("sgd"))
    assert tab.session.substep == len(tab.session.substeps)
    tab.card.show_step()


def test_another_racer_with_fewer_sub_steps_is_explained_to_its_end(tab, qtbot):
    session = tab.session
    racers = (Racer(OptimizerSpec("sgd")), Racer(OptimizerSpec("nadam")))
    session.change(msgspec.structs.replace(session.spec, racers=racers))
    qtbot.waitUntil(lambda: session.race.spec == session.spec and session.race.whole)
    session.select(1)
    walk(tab, qtbot)
    session.select(0)
    assert session.substep == len(session.substeps)


def test_noise_that_a_surface_cannot_have_leaves_the_stopping_rule(tab, qtbot):
    session = tab.session
    tab.card.set_open(True)
    session.change(msgspec.structs.replace(session.spec, noise=Noise("single")))
    qtbot.waitUntil(lambda: session.race.spec == session.spec and session.race.whole)
    assert session.race.trajectories[0].outcome == "converged"
    assert tab.card.foot.tolerance.isVisible()


def test_a_step_that_is_not_computed_yet_is_no_end(tab, qtbot):
    session = tab.session
    tab.card.set_open(True)
    qtbot.waitUntil(lambda: session.race.whole)
    session.pause()
    session.race = compute(session.spec, most_steps=10)
    session.go_to(10)
    session.race_changed.emit()
    session.select(session.race.trajectories.index(max(session.race.trajectories, key=lambda each: each.steps)))
    assert verdict(session).endswith("computing")
    assert hint(session) == "The steps from here are being computed."
