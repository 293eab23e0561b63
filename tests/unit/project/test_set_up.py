"""packaging/set-up in a checkout of its own, with a Python that only writes down what it is asked to do."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

# `python -m venv` installs the same stand-in as the environment's Python; `pip` fails where a file says so.
PYTHON = """#!/bin/sh
echo "$*" >> "$LOG"
case "$*" in
    "-m venv"*) rm -rf .venv; mkdir -p .venv/bin; cp "$0" .venv/bin/python ;;
    *--require-hashes*) [ ! -e "$LOG.offline" ] ;;
    "-c import sys; sys.exit"*) [ ! -e "$LOG.old" ] ;;
esac
"""


class Checkout:
    def __init__(self, folder: Path):
        self.folder, self.log = folder, folder.parent / "log"
        (folder / "packaging/linux").mkdir(parents=True)
        for name in ("packaging/set-up", "packaging/requirements.lock", "pyproject.toml"):
            shutil.copy(ROOT / name, folder / name)
        self.script("packaging/linux/install-system-libraries", "#!/bin/sh\n")
        self.script("../python", PYTHON)

    def script(self, name: str, text: str) -> None:
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o755)

    def set_up(self) -> tuple[int, list[str]]:
        """The exit status, and what was done: "venv", "packages", "project"."""
        self.log.write_text("")
        environment = {**os.environ, "PYTHON": str(self.folder.parent / "python"), "LOG": str(self.log)}
        status = subprocess.run([self.folder / "packaging/set-up"], env=environment, capture_output=True).returncode
        marks = {"venv": "-m venv", "packages": "--require-hashes", "project": "--editable"}
        lines = self.log.read_text().splitlines()
        return status, [what for line in lines for what, mark in marks.items() if mark in line]


@pytest.fixture
def checkout(tmp_path):
    return Checkout(tmp_path / "a folder" / "gdviz")


EVERYTHING = (0, ["venv", "packages", "project"])
NOTHING = (0, [])


def test_first_run_does_everything_and_the_next_one_nothing(checkout):
    assert checkout.set_up() == EVERYTHING
    assert checkout.set_up() == NOTHING


def test_starts_over_after_an_interruption(checkout):
    offline = checkout.log.with_name("log.offline")
    offline.touch()
    assert checkout.set_up() == (1, ["venv", "packages"])
    offline.unlink()
    assert checkout.set_up() == EVERYTHING


def test_another_lock_is_another_environment(checkout):
    checkout.set_up()
    (checkout.folder / "packaging/requirements.lock").write_text("numpy==2.0\n")
    assert checkout.set_up() == EVERYTHING


def test_a_changed_project_file_keeps_the_environment(checkout):
    checkout.set_up()
    with (checkout.folder / "pyproject.toml").open("a") as file:
        file.write("# changed\n")
    assert checkout.set_up() == (0, ["project"])


def test_a_moved_checkout_is_set_up_anew(checkout):
    checkout.set_up()
    checkout.folder = checkout.folder.rename(checkout.folder.with_name("moved"))
    assert checkout.set_up() == EVERYTHING


def test_refuses_an_old_python(checkout):
    checkout.log.with_name("log.old").touch()
    assert checkout.set_up() == (1, [])
