"""Keeps TensorFlow and OpenGL apart: the tests run in two processes, though they are started and reported as one run.

In one process the two crash where OpenGL is drawn in software: Mesa loads one LLVM for all to see, TensorFlow another.
(The program never has both in one process.) So where a run has tests that draw and others, the others run in a second
pytest with the same arguments, and its reports are passed on as if they were this one's. A conftest.py may be loaded in
both, and so imports TensorFlow in its fixtures, not at its top.
"""

import subprocess
import sys
from collections.abc import Generator, Iterable, Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

DRAWING = {"gui", "e2e"}  # the folders whose tests open windows, and never import TensorFlow
FINE = {*pytest.ExitCode} - {pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR}


def draws(path: Path) -> bool:
    return not DRAWING.isdisjoint(path.parts)


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
        result = yield
        for report in self.reports(session):
            if isinstance(report, pytest.CollectReport):
                session.ihook.pytest_collectreport(report=report)
                continue
            if report.when == "setup":
                session.ihook.pytest_runtest_logstart(nodeid=report.nodeid, location=report.location)
            session.ihook.pytest_runtest_logreport(report=report)
        return result

    def reports(self, session: pytest.Session) -> Iterator[pytest.CollectReport | pytest.TestReport]:
        receiver, sender = Pipe(duplex=False)
        arguments = [*self.config.invocation_params.args, f"--send-reports-to={sender.fileno()}", "--no-xvfb"]
        with subprocess.Popen(
            [sys.executable, "-m", "pytest", *arguments],
            cwd=self.config.invocation_params.dir,
            pass_fds=[sender.fileno()],
            stdout=subprocess.DEVNULL,
        ) as process:
            sender.close()
            report = None
            try:
                while True:
                    match receiver.recv():
                        case int(count):
                            session.testscollected += count
                        case data:
                            report = self.config.hook.pytest_report_from_serializable(config=self.config, data=data)
                            yield report
            except EOFError:
                pass
        if process.returncode not in FINE:
            after = f"after {report.nodeid}" if report else "at once"
            pytest.exit(f"the process of the tests that do not draw ended {after}, with {process.returncode}", 1)


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
