"""The command line: ``gdviz [FILE.gdviz]`` opens the window, ``gdviz COMMAND`` does one thing without it."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from gdviz import __version__
from gdviz.commands.parser import BAD_INPUT, Parser

COMMANDS = ("list", "descend", "train")
INTERRUPTED = 130  # what shells report of a program ended by Ctrl+C


def main(argv: Sequence[str] | None = None) -> int:
    """Run gdviz.

    Args:
        argv: the arguments behind the program's name; those of the process where it is None.

    Returns:
        the exit status: 0, 2 for bad input, 130 where it was interrupted.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        status = _command(arguments) if arguments[:1] and arguments[0] in COMMANDS else _window(arguments)
        if sys.stdout is not None:  # as in a frozen program without a console
            sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output, such as head, has seen enough. Python flushes once more when it ends: into nothing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED
    return status


def _command(arguments: list[str]) -> int:
    parser = Parser(prog="gdviz")
    _module(arguments[0]).add_parser(parser.add_subparsers())
    args, unknown = parser.parse_known_args(arguments)
    if unknown:
        Parser(prog=f"gdviz {arguments[0]}").error(f"there is no argument {unknown[0]}; --help lists what there is")
    status: int = args.run(args)
    return status


def _module(command: str) -> ModuleType:
    # Only the one asked for, so that it starts at once; written out, so that PyInstaller finds them.
    if command == "list":
        from gdviz.commands import list as list_command

        return list_command
    if command == "descend":
        from gdviz.commands import descend

        return descend
    from gdviz.commands import train

    return train


def _window(arguments: list[str]) -> int:
    parser = Parser(
        prog="gdviz",
        description="See gradient descent at work. Without a command, the window opens.",
        epilog=f"Commands: {', '.join(COMMANDS)}; gdviz COMMAND --help says more.",
    )
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE.gdviz", help="an experiment to open")
    parser.add_argument(
        "--lecture",
        nargs="?",
        type=Path,
        const=True,
        metavar="FILE.toml",
        help="present a lecture; default: gdviz's own",
    )
    parser.add_argument("--full-screen", action="store_true", help="fill the screen")
    parser.add_argument("--theme", choices=("dark", "white"), help="default: the one used last")
    parser.add_argument("--version", action="version", version=f"gdviz {__version__}")
    args = parser.parse_args(arguments)
    for path in (args.file, args.lecture):
        if isinstance(path, Path) and not path.is_file():
            parser.error(f"there is no file {path}")
    if args.file or args.lecture:
        parser.error("this version opens neither experiments nor lectures yet; start it without a file or --lecture")
    return _open(args)


def _open(args: argparse.Namespace) -> int:
    from gdviz.commands.screen import lack, missing_library

    if reason := lack():
        print(f"gdviz: error: {reason}", file=sys.stderr)
        return BAD_INPUT
    try:
        run_window = import_app().run_window
    except (ImportError, OSError) as error:
        if reason := missing_library(str(error)):
            print(f"gdviz: error: {reason}", file=sys.stderr)
            return BAD_INPUT
        raise
    status: int = run_window(full_screen=args.full_screen, theme=args.theme)
    return status


def import_app() -> ModuleType:
    """The module that opens the window.

    What imports make stays. To look through it for garbage, again and again, would take a tenth of the start.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        from gdviz.gui import app
    finally:
        if collects:
            gc.enable()
    return app
