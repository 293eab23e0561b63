"""Widgets in the look of the program, in a real window on the virtual screen."""

from __future__ import annotations

import pytest

from gdviz.gui.prepare import prepare
from gdviz.gui.theme import Look


@pytest.fixture(scope="session")
def qapp_args():
    """Asked for by pytest-qt before it makes the QApplication."""
    prepare()
    return ["gdviz"]


@pytest.fixture
def look(qapp):
    made = Look(qapp)
    yield made
    made.deleteLater()
