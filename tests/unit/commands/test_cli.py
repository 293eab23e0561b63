"""The command line as a whole."""

import os
import subprocess
import sys
import types

import pytest

from gdviz import __version__
from gdviz.cli import COMMANDS, main


def gdviz(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "gdviz", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )


@pytest.fixture
def window(monkeypatch):
    """A window that opens nothing and remembers how it was called."""
    calls = []

    def run_window(*, full_screen=False, theme=None):
        calls.append((full_screen, theme))
        return 0

    stand_in = types.ModuleType("gdviz.gui.app")
    stand_in.run_window = run_window
    monkeypatch.setitem(sys.modules, "gdviz.gui.app", stand_in)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    return calls


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my.gdviz").write_text("")
    (tmp_path / "my.toml").write_text("")
    (tmp_path / "list").write_text("")
    return tmp_path


def test_version(capsys):
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out == f"gdviz {__version__}\n"


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["list", "--help"], ["descend", "--help"]])
def test_small_questions_load_nothing_heavy(arguments):
    script = (
        "import sys\nfrom gdviz.__main__ import main\n"
        f"sys.argv[1:] = {arguments}\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'numpy', 'PySide6', 'tensorflow', 'sympy'} & set(sys.modules)\nassert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command, capsys):
    with pytest.raises(SystemExit) as end:
        main([command, "--help"])
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: gdviz {command}")


@pytest.mark.parametrize(
    ("arguments", "call"),
    [
        ([], (False, None)),
        (["--full-screen"], (True, None)),
        (["--theme", "white"], (False, "white")),
    ],
)
def test_opens_the_window(arguments, call, window, folder):
    assert main(arguments) == 0
    assert window == [call]


def test_a_file_called_as_a_command_is_the_command(window, folder, capsys):
    assert main(["list", "losses"]) == 0
    assert window == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no.gdviz"], "there is no file no.gdviz"),
        (["--lecture", "no.toml"], "there is no file no.toml"),
        (["my.gdviz"], "this version opens neither experiments nor lectures yet"),
        (["--lecture"], "this version opens neither experiments nor lectures yet"),
        (["./list"], "this version opens neither experiments nor lectures yet"),
        (["--theme", "pink"], "invalid choice: 'pink'"),
        (["--colour"], "unrecognized arguments: --colour"),
    ],
)
def test_bad_input_gives_one_clear_line(arguments, words, window, folder, capsys):
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("gdviz: error: ")
    assert words in line
    assert window == []


@pytest.mark.skipif(sys.platform != "linux", reason="Linux only")
def test_without_a_screen_it_says_so_and_does_not_crash():
    done = gdviz(DISPLAY="", WAYLAND_DISPLAY="", QT_QPA_PLATFORM="")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("gdviz: error: there is no screen: neither DISPLAY nor WAYLAND_DISPLAY is set")


def test_a_missing_system_library_is_named(window, monkeypatch, capsys):
    class Broken(types.ModuleType):
        def __getattr__(self, name):
            raise ImportError("libEGL.so.1: cannot open shared object file: No such file or directory")

    monkeypatch.setitem(sys.modules, "gdviz.gui.app", Broken("gdviz.gui.app"))
    assert main([]) == 2
    assert capsys.readouterr().err == (
        "gdviz: error: the system library libEGL.so.1 is missing; install it with: sudo apt install libegl1\n"
    )


def test_ctrl_c_ends_quietly(monkeypatch):
    def interrupted(arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("gdviz.cli._command", interrupted)
    assert main(["list", "losses"]) == 130
