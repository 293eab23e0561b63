"""What import-linter says of the text, seen in the running program: who brings in Qt, and who TensorFlow."""

import subprocess
import sys

import pytest

QT, TENSORFLOW, SYMPY = "PySide6", "tensorflow", "sympy"


def loaded_by(module: str) -> set[str]:
    """Which heavy packages a Python has loaded after importing the module and all there is in it."""
    script = f"""
import importlib, pkgutil, sys
package = importlib.import_module({module!r})
for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    importlib.import_module(found.name)
print(*sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return {QT, TENSORFLOW, SYMPY} & set(done.stdout.split())


@pytest.mark.parametrize(
    ("package", "heavy"),
    [("declared", set()), ("descent", set()), ("network", set()), ("gui", {QT})],
)
def test_loads_no_more_than_its_layer_may(package, heavy):
    assert loaded_by(f"gdviz.{package}") == heavy
