"""The resources are found from a checkout, from an installed wheel and from a frozen program."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from gdviz.resources import resource_folder

ROOT = Path(__file__).parents[3]


def files_under(folder: str) -> set[str]:
    found = {path.relative_to(ROOT) for path in (ROOT / folder).rglob("*") if path.is_file()}
    return {path.as_posix() for path in found if path.suffix != ".pyc"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder into which the wheel was unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


def test_wheel_has_the_package_and_the_resources(installed):
    packed = {path.relative_to(installed).as_posix() for path in installed.glob("gdviz/**/*") if path.is_file()}
    assert packed == files_under("gdviz") | {f"gdviz/{name}" for name in files_under("resources")}


def test_found_from_a_wheel(installed):
    ask = "from gdviz.resources import resource_folder; print(resource_folder())"
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    done = subprocess.run([sys.executable, "-c", ask], cwd=installed, env=environment, capture_output=True, text=True)
    assert done.stdout.strip() == str(installed / "gdviz/resources"), done.stderr


def test_found_from_a_checkout():
    assert resource_folder() == ROOT / "resources"


def test_found_from_a_frozen_program(tmp_path, monkeypatch):
    (tmp_path / "resources").mkdir()
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resource_folder() == tmp_path / "resources"
