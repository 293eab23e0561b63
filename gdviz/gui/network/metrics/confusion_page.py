"""The page with the confusion matrices of training and test points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QWidget

from gdviz.gui.network.metrics.confusion import Confusion
from gdviz.gui.network.metrics.confusion_matrix import ConfusionMatrix
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import muted

REGRESSION = "Values have no classes to confuse: choose a sigmoid or softmax output for that."
NOTHING_YET = "The network has not said anything yet."


class ConfusionPage(QWidget):
    """Counts only while it is seen."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("network.confusion")
        self.train = ConfusionMatrix("network.confusion_train", "train", look)
        self.test = ConfusionMatrix("network.confusion_test", "test", look)
        self._answers: tuple[NDArray[np.int8], NDArray[np.float32], NDArray[np.int64]] | None = None
        self._regression = False
        self._matrices = QWidget()
        row = QHBoxLayout(self._matrices)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.train)
        row.addWidget(self.test)
        self._words = muted(NOTHING_YET)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words.setWordWrap(True)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._words)
        self._stack.addWidget(self._matrices)

    @property
    def words(self) -> QLabel | None:
        """What is said in place of the matrices; None while they are shown."""
        return self._words if self._stack.currentWidget() is self._words else None

    def show_answers(self, labels: NDArray[np.int8], predictions: NDArray[np.float32], test: NDArray[np.int64]) -> None:
        """Count answers.

        Args:
            labels: of the points, shape (n,).
            predictions: probabilities of green; of another length while they are still those of other points, which
                leaves the counts as they are.
            test: indices of the test points.
        """
        if len(labels) == len(predictions) and len(labels):
            self._answers = labels, predictions, test
            self._count()

    def clear(self) -> None:
        """A new run begins: nothing is known of it."""
        self._answers = None

    def show_task(self, *, regression: bool) -> None:
        """Whether values are learned, of which there are no matrices."""
        if regression != self._regression:
            self._regression = regression
            self._answers = None
            self._words.setText(REGRESSION if regression else NOTHING_YET)
            self._stack.setCurrentWidget(self._words)

    def showEvent(self, event: QShowEvent) -> None:
        """Count what has been said meanwhile."""
        super().showEvent(event)
        self._count()

    def _count(self) -> None:
        if self._answers is None or self._regression or not self.isVisible():
            return
        labels, predictions, indices = self._answers
        test = np.zeros(len(labels), np.bool_)
        test[indices[indices < len(labels)]] = True
        self.train.show_confusion(Confusion.of(labels[~test], predictions[~test]))
        self.test.show_confusion(Confusion.of(labels[test], predictions[test]))
        self._stack.setCurrentWidget(self._matrices)
