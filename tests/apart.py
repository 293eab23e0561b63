"""Keeps TensorFlow and OpenGL apart: the tests run in two processes, though they are started and reported as one run.

In one process the two crash where OpenGL is drawn in software: Mesa loads one LLVM for all to see, TensorFlow another.
(The program never has both in one process.) So where a run has tests that draw and others, the others run meanwhile in
a second pytest with the same arguments, and its reports are then passed on as if they were this one's. A conftest.py
may be loaded in both, and so imports TensorFlow in its fixtures, not at its top.
"""

import subprocess
import sys
from collections.abc import Generator, Iterable, Iterator
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

import pytest

DRAWING = {"gui", "e2e"}  # the folders whose tests open windows, and never import TensorFlow
FINE = {*pytest.ExitCode} - {pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR}


def draws(path: Path) -> bool:
    return not DRAWING.isdisjoint(path.parts)


def read_all(receiver: Connection, reports: SimpleQueue[object]) -> None:
    """Take what comes as it comes, so that the sender never waits; None after the last."""
    with suppress(EOFError):
        while True:
            reports.put(receiver.recv())
    reports.put(None)


class Process:
    """One of the two: goes near the tests of its own kind alone, as importing the others may import TensorFlow."""

    def __init__(self, config: pytest.Config, *, drawing: bool):
        self.config, self.drawing = config, drawing
        # What is named on the command line is collected without asking pytest_ignore_collect.
        config.args[:] = [name for name in config.args if not self.pytest_ignore_collect(path_of(name, config))]

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        return None if any(draws(file) == self.drawing for file in files_in(collection_path)) else True


class First(Process):
    """Runs what draws, and passes on what the second reports."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        receiver, sender = Pipe(duplex=False)
        arguments = [*self.config.invocation_params.args, f"--send-reports-to={sender.fileno()}", "--no-xvfb"]
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", *arguments],
            cwd=self.config.invocation_params.dir,
            pass_fds=[sender.fileno()],
            stdout=subprocess.DEVNULL,
        )
        sender.close()
        reports: SimpleQueue[object] = SimpleQueue()
        reader = Thread(target=read_all, args=(receiver, reports), name="reports of the second process")
        reader.start()
        try:
            result = yield
            self.pass_on(iter(reports.get, None), session)
            if (status := process.wait()) not in FINE:
                pytest.exit(f"the process of the tests that do not draw ended with {status}", 1)
        finally:
            process.terminate()  # where this run was broken off; otherwise it has ended
            process.wait()
            reader.join()
        return result

    def pass_on(self, reports: Iterator[object], session: pytest.Session) -> None:
        for data in reports:
            if isinstance(data, int):
                session.testscollected += data
                continue
            report = self.config.hook.pytest_report_from_serializable(config=self.config, data=data)
            if isinstance(report, pytest.CollectReport):
                session.ihook.pytest_collectreport(report=report)
                continue
            if report.when == "setup":
                session.ihook.pytest_runtest_logstart(nodeid=report.nodeid, location=report.location)
            session.ihook.pytest_runtest_logreport(report=report)


class Second(Process):
    """Runs what does not draw, and sends its reports."""

    def __init__(self, config: pytest.Config, pipe: Connection):
        super().__init__(config, drawing=False)
        self.pipe = pipe

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.pipe.send(len(session.items))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.pytest_runtest_logreport(report)

    def pytest_runtest_logreport(self, report: pytest.CollectReport | pytest.TestReport) -> None:
        self.pipe.send(self.config.hook.pytest_report_to_serializable(config=self.config, report=report))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--send-reports-to", type=int, metavar="PIPE", help="used by the tests themselves")


def pytest_configure(config: pytest.Config) -> None:
    if (pipe := config.option.send_reports_to) is not None:
        config.pluginmanager.register(Second(config, Connection(pipe, readable=False)))
        return
    paths = [path_of(argument, config) for argument in config.args]
    kinds = {draws(file) for path in paths for file in files_in(path)}
    if kinds == {True, False} and not config.option.collectonly:
        config.pluginmanager.register(First(config, drawing=True))


def files_in(path: Path) -> Iterable[Path]:
    return [path] if path.is_file() else path.rglob("test_*.py")


def path_of(argument: str, config: pytest.Config) -> Path:
    """Where a node id such as tests/gui/test_theme.py::test_dark leads."""
    return config.invocation_params.dir / argument.partition("::")[0]
