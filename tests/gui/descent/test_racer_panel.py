"""The racers' settings: rates, schedules, forks, starts."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QComboBox, QLabel, QLineEdit, QSlider, QToolButton

from gdviz.descent.schedules import rate
from gdviz.descent.sweep import sweep
from gdviz.descent.trajectory import race
from gdviz.gui.descent.racers.row import in_two
from gdviz.gui.descent.step_card.text import racer_name
from tests.windows import pixel_of, turn_wheel


@pytest.fixture
def views():
    return "contours"


def whole(qtbot, tab):
    qtbot.waitUntil(lambda: tab.session.race.spec == tab.session.spec and tab.session.race.whole)


def box(tab, name) -> QCheckBox:
    return tab.findChild(QCheckBox, name)


def choose(qtbot, tab, name, key):
    combo = tab.findChild(QComboBox, name)
    combo.setFocus()
    steps = combo.findData(key) - combo.currentIndex()
    for _ in range(abs(steps)):
        qtbot.keyClick(combo, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)


def type_into(qtbot, tab, name, text):
    field = tab.findChild(QLineEdit, name)
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)


def rates(tab) -> list[float]:
    return [racer.at(tab.session.step).optimizer.learning_rate for racer in tab.session.spec.racers]


def test_one_rate_for_all(tab, qtbot):
    assert len(set(rates(tab))) > 1
    qtbot.mouseClick(box(tab, "descent.same_rate"), Qt.MouseButton.LeftButton)
    assert len(set(rates(tab))) == 1
    type_into(qtbot, tab, "descent.racer2.learning_rate", "0.05")
    assert set(rates(tab)) == {0.05}
    tab.undo()
    tab.undo()
    assert len(set(rates(tab))) > 1


def test_slider_is_logarithmic_and_the_field_takes_more(tab, qtbot):
    slider = tab.findChild(QSlider, "descent.rate_slider")
    slider.setFocus()
    before = rates(tab)[0]
    for _ in range(20):
        qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert rates(tab)[0] == pytest.approx(10 * before, rel=0.15)
    type_into(qtbot, tab, "descent.setting.learning_rate", "1234")
    assert rates(tab)[0] == 1234.0
    assert slider.value() == slider.maximum()


def test_schedule_is_followed(tab, qtbot):
    choose(qtbot, tab, "descent.schedule", "exponential")
    type_into(qtbot, tab, "descent.schedule_setting.decay_steps", "10")
    whole(qtbot, tab)
    racer, trajectory = tab.session.spec.racers[0], tab.session.race.trajectories[0]
    assert racer.schedule.key == "exponential"
    steps = np.arange(trajectory.steps)
    expected = rate(racer.schedule, racer.optimizer.learning_rate, steps)
    np.testing.assert_allclose(trajectory.learning_rates[:-1], expected)
    moved = np.diff(trajectory.positions, axis=0)
    np.testing.assert_allclose(moved, -expected[:, None] * trajectory.gradients[:-1], rtol=1e-6, atol=1e-12)
    assert tab.panel.settings._curve.isVisible()


def test_rate_changed_in_mid_race_leaves_the_steps_before_as_they_were(tab, qtbot):
    whole(qtbot, tab)
    before = tab.session.race.trajectories[0]
    tab.session.go_to(20)
    qtbot.mouseClick(box(tab, "descent.from_here"), Qt.MouseButton.LeftButton)
    type_into(qtbot, tab, "descent.racer0.learning_rate", "0.005")
    whole(qtbot, tab)
    after = tab.session.race.trajectories[0]
    np.testing.assert_array_equal(after.positions[:21], before.positions[:21])
    assert not np.array_equal(after.positions[21], before.positions[21])
    np.testing.assert_allclose(after.positions[21] - after.positions[20], -0.005 * after.gradients[20])
    field = tab.findChild(QLineEdit, "descent.racer0.learning_rate")
    assert float(field.text()) == 0.005
    field.clearFocus()
    tab.session.go_to(5)
    assert float(field.text()) == before.optimizer.learning_rate


def test_fork_keeps_both(tab, qtbot):
    whole(qtbot, tab)
    count, original = len(tab.session.spec.racers), tab.session.race.trajectories[0]
    tab.session.go_to(15)
    qtbot.keyClick(tab, Qt.Key.Key_K)
    assert len(tab.session.spec.racers) == count + 1
    type_into(qtbot, tab, f"descent.racer{count}.learning_rate", "0.3")
    whole(qtbot, tab)
    forked = tab.session.race.trajectories[-1]
    np.testing.assert_array_equal(tab.session.race.trajectories[0].positions, original.positions)
    np.testing.assert_array_equal(forked.positions[:16], original.positions[:16])
    assert not np.array_equal(forked.positions[16], original.positions[16])
    listed = [tab.findChild(QToolButton, f"descent.racer{number}") for number in range(count + 1)]
    assert tuple(button.text() for button in listed) == tab.session.race.names
    assert "SGD 0.3 from 15" in listed[-1].accessibleName()
    names = [tab.table.model().index(row, 0).data() for row in range(count + 1)]
    assert (names[0], names[-1]) == ("SGD 0.02", "SGD 0.3 from 15")
    assert racer_name(tab.session, 16) == names[-1]
    # Its settings are those from the fork on, wherever one stands, and what it shares with the other one stays.
    assert not box(tab, "descent.from_here").isChecked()
    tab.session.go_to(5)
    assert tab.findChild(QLineEdit, f"descent.racer{count}.learning_rate").text() == "0.3"
    type_into(qtbot, tab, "descent.setting.momentum", "0.5")
    whole(qtbot, tab)
    forked = tab.session.race.trajectories[-1]
    np.testing.assert_array_equal(forked.positions[:16], original.positions[:16])
    assert (forked.optimizer.learning_rate, forked.optimizer.settings["momentum"]) == (0.3, 0.5)


def test_the_look_changes_after_a_racer_was_removed(tab, qtbot):
    whole(qtbot, tab)
    row = tab.panel._rows[-1]
    with qtbot.waitSignal(row.destroyed):
        qtbot.mouseClick(tab.findChild(QToolButton, "descent.racer3.remove"), Qt.MouseButton.LeftButton)
    tab.look.set_theme("white")  # an error in a slot fails a test
    tab.look.larger()
    assert len(tab.panel._rows) == 3


def test_a_long_name_takes_two_lines():
    assert in_two("Momentum 0.02 from 137") == ["Momentum 0.02", "from 137"]
    assert in_two("Nesterov 0.02") == ["Nesterov", "0.02"]
    assert in_two("Momentum") == ["Momentum"]


def test_from_this_step_on_is_about_the_selected_racer_alone(tab, qtbot):
    whole(qtbot, tab)
    tab.session.go_to(15)
    qtbot.mouseClick(box(tab, "descent.from_here"), Qt.MouseButton.LeftButton)
    type_into(qtbot, tab, "descent.racer1.learning_rate", "0.3")
    assert tab.session.spec.racers[1].optimizer.learning_rate == 0.3
    assert tab.session.spec.racers[1].changes == ()
    qtbot.mouseClick(tab.findChild(QToolButton, "descent.racer1"), Qt.MouseButton.LeftButton)
    assert not box(tab, "descent.from_here").isChecked()


def test_a_change_that_comes_too_late_says_so(tab, qtbot):
    whole(qtbot, tab)
    ended = tab.session.race.trajectories[0].steps
    tab.session.go_to(ended - 5)
    qtbot.mouseClick(box(tab, "descent.from_here"), Qt.MouseButton.LeftButton)
    type_into(qtbot, tab, "descent.racer0.learning_rate", "0.03")
    assert not tab.banner.text
    tab.undo()
    whole(qtbot, tab)
    tab.session.go_to(tab.session.last_step)
    type_into(qtbot, tab, "descent.racer0.learning_rate", "0.04")
    assert f"SGD had ended by step {tab.session.step}: a change from there on has no effect" in tab.banner.text
    row, rate = tab.panel._rows[0], tab.session.race.trajectories[0].optimizer.learning_rate
    tab.table.setFocus()
    assert row.rate.value == rate
    assert row.button.text() == "SGD"


def test_a_fork_where_no_step_is_left_is_refused_with_a_sentence(tab, qtbot):
    whole(qtbot, tab)
    count, ended = len(tab.session.spec.racers), tab.session.race.trajectories[0].steps
    tab.session.go_to(ended)
    qtbot.keyClick(tab, Qt.Key.Key_K)
    assert len(tab.session.spec.racers) == count
    assert f"ended at step {ended}: go back" in tab.banner.text


def test_one_rate_for_all_is_ticked_no_longer_than_it_is_true(tab, qtbot):
    tick = box(tab, "descent.same_rate")
    qtbot.mouseClick(tick, Qt.MouseButton.LeftButton)
    assert len({racer.optimizer.learning_rate for racer in tab.session.spec.racers}) == 1
    assert tick.isChecked()
    tab.undo()
    assert len({racer.optimizer.learning_rate for racer in tab.session.spec.racers}) > 1
    assert not tick.isChecked()


def test_a_racer_that_used_up_its_steps_is_unfinished(tab, qtbot):
    type_into(qtbot, tab, "descent.race.steps", "12")
    whole(qtbot, tab)

    def states():
        model = tab.table.model()
        return {model.index(row, model.columnCount() - 1).data() for row in range(model.rowCount())}

    tab.session.go_to(11)
    assert states() == {"running"}
    tab.session.go_to(12)
    assert states() == {"unfinished"}


def test_who_won_is_told_in_two_lines_and_in_full_by_the_tip(tab, qtbot):
    tab.resize(900, 700)
    for key in ("sgd", "nesterov", "adagrad", "adamw", "nadam", "bfgs"):
        tab.session.add_racer(key)
    whole(qtbot, tab)
    tab.session.go_to(tab.session.last_step)
    verdict = tab.findChild(QLabel, "descent.verdict")
    assert verdict.text().startswith("Lowest loss: Momentum and ")
    assert "Fewest evaluations to it: BFGS, " in verdict.text()
    for name in ("Momentum", "Adam", "Adagrad", "AdamW", "Nadam", "BFGS"):
        assert name in verdict.toolTip()
    lines, metrics = verdict.text().split("\n"), verdict.fontMetrics()
    qtbot.waitUntil(lambda: verdict.height() >= len(lines) * metrics.lineSpacing())
    assert len(lines) == 2
    assert max(map(metrics.horizontalAdvance, lines)) <= verdict.width()
    while len(tab.session.spec.racers) > 3:
        tab.session.remove_racer(3)
    for index in range(3):  # who ties is not left out
        tab.session.set_optimizer(index, tab.session.spec.racers[0].optimizer)
    whole(qtbot, tab)
    tab.session.go_to(tab.session.last_step)
    assert "SGD 0.02 (1) and 2 others, each in " in verdict.text()


def test_a_racer_with_a_start_of_its_own(tab, qtbot):
    common = tab.session.spec.start
    qtbot.mouseClick(box(tab, "descent.own_start"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(tab.contours.viewport(), Qt.MouseButton.LeftButton, pos=pixel_of(tab.contours, -1.5, -1.0))
    whole(qtbot, tab)
    first, second = tab.session.race.trajectories[:2]
    assert first.positions[0] == pytest.approx((-1.5, -1.0), abs=0.03)
    assert tuple(second.positions[0]) == common
    qtbot.mouseClick(box(tab, "descent.own_start"), Qt.MouseButton.LeftButton)
    assert tab.session.spec.racers[0].start is None


@pytest.mark.parametrize("kind", ["grid", "random"])
def test_fan_of_starts(tab, qtbot, kind):
    choose(qtbot, tab, "descent.fan", kind)
    type_into(qtbot, tab, "descent.fan_setting.number", "9")
    whole(qtbot, tab)
    fan, surface = tab.session.race.fan, tab.session.surface
    assert len(fan) == 9
    for trajectory in fan[:3]:
        optimizer = tab.session.spec.racers[0].optimizer
        (alone,) = race(surface, [optimizer], trajectory.positions[0], tab.session.spec.steps)
        np.testing.assert_array_equal(trajectory.positions, alone.positions)
    tab.session.go_to(7)
    shown = tab.surface_view._fan.pos
    assert len(shown) == 2 * sum(min(7, trajectory.steps) for trajectory in fan)
    starts = np.array([trajectory.positions[0] for trajectory in fan])
    assert (np.abs(starts) <= 2).all()
    places = [trajectory.positions[min(7, trajectory.steps)] for trajectory in fan]
    dots = tab.contours._fan_dots
    np.testing.assert_array_equal(np.column_stack(dots.dots.getData()), places)
    np.testing.assert_array_equal(np.column_stack(dots.starts.getData()), starts)
    if kind == "random":
        seed = tab.session.spec.fan.seed
        qtbot.mouseClick(tab.findChild(QAbstractButton, "descent.new_fan"), Qt.MouseButton.LeftButton)
        assert tab.session.spec.fan.seed != seed


def test_settings_that_exclude_each_other_are_refused_with_a_sentence(tab, qtbot):
    tab.panel.settings._more.setChecked(True)
    type_into(qtbot, tab, "descent.setting.clipnorm", "1")
    type_into(qtbot, tab, "descent.setting.clipvalue", "1")
    assert "clip" in tab.banner.text
    assert "clipvalue" not in tab.session.spec.racers[0].optimizer.settings
    type_into(qtbot, tab, "descent.setting.clipnorm", "0")
    assert not tab.banner.text  # what was wrong is no more


def test_keys_through_a_box_are_one_step_of_undo_and_a_choice_is_one_of_its_own(tab, qtbot):
    def pick(name, key):
        combo = tab.findChild(QComboBox, name)
        combo.showPopup()
        item = combo.view().visualRect(combo.model().index(combo.findData(key), 0))
        qtbot.mouseClick(combo.view().viewport(), Qt.MouseButton.LeftButton, pos=item.center())
        assert combo.currentData() == key

    for name, picked, stepped in (
        ("descent.surface_choice", ("bowl", "valley"), "himmelblau"),
        ("descent.optimizer", ("adam", "nadam"), "rmsprop"),
    ):
        specs = [tab.session.spec]
        for key in picked:
            pick(name, key)
            specs.append(tab.session.spec)
        choose(qtbot, tab, name, stepped)
        assert tab.session.spec not in specs
        for spec in reversed(specs):
            tab.undo()
            assert tab.session.spec == spec


def test_tuning_gives_each_racer_a_rate_that_gets_it_lower(tab, qtbot):
    whole(qtbot, tab)
    before = [trajectory.losses[-1] for trajectory in tab.session.race.trajectories]
    qtbot.mouseClick(tab.findChild(QAbstractButton, "descent.tune"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.panel.tune.isEnabled(), timeout=20_000)
    whole(qtbot, tab)
    after = [trajectory.losses[-1] for trajectory in tab.session.race.trajectories]
    for new, old in zip(after, before, strict=True):
        assert new <= old + 1e-2
    assert sum(after) < sum(before)
    tab.undo()
    whole(qtbot, tab)
    assert [trajectory.losses[-1] for trajectory in tab.session.race.trajectories] == before


def test_the_wheel_over_a_box_that_nobody_uses_changes_nothing(tab, qtbot):
    box = tab.findChild(QComboBox, "descent.optimizer")
    before = tab.session.spec
    assert not turn_wheel(box, box.rect().center())
    assert tab.session.spec == before


def test_a_number_that_is_refused_gives_way_to_the_one_before_it(tab, qtbot):
    field = tab.findChild(QLineEdit, "descent.speed")
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(field, "5000")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == "30"
    assert tab.session.clock.speed == 30.0


def test_tuning_starts_where_the_racer_does_and_leaves_changes_in_mid_race(qtbot, tab):
    session = tab.session
    while len(session.spec.racers) > 1:
        session.remove_racer(1)
    session.set_own_start(0, (-1.5, 0.5))
    whole(qtbot, tab)
    session.go_to(10)
    session.fork(0, session.spec.racers[0].optimizer.with_setting("learning_rate", 0.03))
    forked = session.spec.racers[1]
    qtbot.mouseClick(tab.findChild(QAbstractButton, "descent.tune"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.panel.tune.isEnabled(), timeout=20_000)
    racer = session.spec.racers[0]
    best = sweep(session.surface, [racer.optimizer], (-1.5, 0.5), session.spec.steps).best_rates()
    assert racer.optimizer.learning_rate == best[0]
    assert session.spec.racers[1] == forked


def test_a_start_of_its_own_is_typed_where_that_of_all_is(qtbot, tab):
    common = tab.session.spec.start
    tab.session.set_own_start(0, (-1.5, 0.5))
    assert tab.findChild(QLineEdit, "descent.race.w0").text() == "-1.5"
    type_into(qtbot, tab, "descent.race.w1", "0.25")
    assert tab.session.spec.racers[0].start == (-1.5, 0.25)
    assert tab.session.spec.start == common
    tab.session.select(1)
    assert tab.findChild(QLineEdit, "descent.race.w0").text() == str(common[0])
