"""A student copies the Keras code, runs it without gdviz, and gets the same result; saves and loads the model."""

import os
import re
import subprocess
import sys

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from gdviz.gui.network.code.part import CodePart
from gdviz.gui.network.state import Source
from gdviz.network.spec import Layer, NetworkSpec

LOADING, LEARNING = 180_000, 120_000  # milliseconds, on a busy machine
EPOCHS = 60


def test_a_student_runs_the_script_and_gets_the_same_loss(qtbot, window, tmp_path):
    tab = window.network
    window.tabs.setCurrentWidget(tab)
    part = next(part for part in tab.parts if isinstance(part, CodePart))
    qtbot.waitUntil(lambda: tab.ready, timeout=LOADING)
    tab.load(Source("moons", 120, 0.1, 3).painted())
    tab.store.change(network=NetworkSpec((Layer(6), Layer(4, "relu"))))
    tab.training_panel._edit(batch_size=0)  # all points at once: no shuffle can differ
    tab.train_more(EPOCHS)
    qtbot.waitUntil(lambda: tab.epoch == EPOCHS and tab.frame.state == "paused", timeout=LEARNING)

    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: part.dialog is not None, timeout=LEARNING)
    qtbot.waitUntil(lambda: f"epochs={EPOCHS}" in part.dialog.script, timeout=LEARNING)
    qtbot.mouseClick(part.dialog.copy_button, Qt.MouseButton.LeftButton)
    script = tmp_path / "mine.py"
    script.write_text(QGuiApplication.clipboard().text(), encoding="utf-8")
    environment = os.environ | {"CUDA_VISIBLE_DEVICES": "-1", "KERAS_BACKEND": "tensorflow"}
    ran = subprocess.run(
        [sys.executable, "-I", str(script)], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    loss = float(re.findall(r"^train.*?loss (\S+?),?\s", ran.stdout, re.MULTILINE)[-1])
    assert abs(loss - tab.frame.metrics.loss) < 2e-3

    # The model itself, into a file and back.
    path = tmp_path / "mine.keras"
    before = tab.frame
    part.save_model(str(path))
    qtbot.waitUntil(path.exists, timeout=LEARNING)
    qtbot.waitUntil(lambda: "saved" in tab.banner.text, timeout=LEARNING)
    tab.store.change(network=NetworkSpec((Layer(2),)))
    qtbot.waitUntil(lambda: tab.frame is not None and tab.epoch == 0, timeout=LEARNING)
    part.load_model(str(path))
    qtbot.waitUntil(lambda: tab.store.state.network.hidden == (Layer(6), Layer(4, "relu")), timeout=LEARNING)
    qtbot.waitUntil(lambda: tab.frame is not None and tab.frame.run == tab.bridge._run, timeout=LEARNING)
    assert np.allclose(tab.frame.boundary, before.boundary, atol=1e-5)
    assert abs(tab.frame.metrics.loss - before.metrics.loss) < 1e-5
