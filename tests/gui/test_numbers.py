"""How numbers are written."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from gdviz.gui.numbers import as_sentence, in_words, place, short, whole


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.0000"),
        (-0.0, "0.0000"),
        (-0.25, "−0.2500"),
        (-1e-7, "−1.00e−07"),
        (0.0009, "9.00e−04"),
        (float("-inf"), "−∞"),
    ],
)
def test_a_short_number_is_never_rounded_to_nothing(value, text):
    assert short(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(-0.00001, "0.0000"), (-0.0, "0.0000"), (-0.00006, "−0.0001"), (-1234.5, "−1234.5000")]
)
def test_a_place_that_rounds_to_zero_has_no_sign(value, text):
    assert place(value) == text


def test_a_sentence_has_true_minus_signs_and_spaces_between_thousands():
    assert in_words("All 12345 epochs: -0.00012345 at 1e-07") == f"All {whole(12345)} epochs: −0.00012345 at 1e−07"


def test_an_error_becomes_a_sentence():
    assert as_sentence("there are 10 racers already") == "There are 10 racers already."
    assert as_sentence("SGD ended at step 4.") == "SGD ended at step 4."
    assert as_sentence("beta_1 is 2") == "beta_1 is 2."


def test_a_whole_number_is_never_broken_at_the_end_of_a_line(qtbot):
    for kind in (Qt.TextFormat.PlainText, Qt.TextFormat.RichText):
        label = QLabel(f"after {whole(1000)} steps")
        qtbot.addWidget(label)
        label.setTextFormat(kind)
        label.setWordWrap(True)
        metrics = label.fontMetrics()
        three_lines = metrics.horizontalAdvance("after 1") + 2  # has room for the first digit, not for all
        assert label.heightForWidth(three_lines) > 2.5 * metrics.height()
