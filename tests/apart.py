"""Keeps TensorFlow and OpenGL apart: a run takes several processes, but is started and reported as one.

In one process the two crash where OpenGL is drawn in software: Mesa loads one LLVM for all to see, TensorFlow another.
(The program never has both in one process.) So where a run has tests of more than one kind, the first process runs one
kind; meanwhile the others run, each in a pytest of its own with the same arguments, and their reports are passed on
later as if they were the first one's. Two run at a time, and whoever ends makes room for the next: two cores have about
as much to do. A conftest.py may be loaded in all, and so imports TensorFlow in its fixtures, not at its top.
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

KINDS = ("gui", "unit", "e2e", "worker")
"""The folders of the tests; of those that a run has the first process runs the first, the others the longest before."""

NEVER_DRAW = ("unit", "worker")

FINE = {*pytest.ExitCode} - {pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR}


def kind_of(path: Path, *, headed: bool) -> str:
    """What kind of test a file has. On a real screen windows and stories would be in each other's way."""
    kind = next((kind for kind in KINDS if kind in path.parts), "unit")
    return "gui" if headed and kind == "e2e" else kind


class Process:
    """One of them: goes near the tests of its own kind alone, as importing the others may import TensorFlow."""

    def __init__(self, config: pytest.Config, kind: str):
        self.config, self.kind = config, kind
        # What is named on the command line is collected without asking pytest_ignore_collect.
        config.args[:] = [name for name in config.args if not self.pytest_ignore_collect(path_of(name, config))]

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        headed = self.config.option.headed
        return None if any(kind_of(file, headed=headed) == self.kind for file in files_in(collection_path)) else True


class First(Process):
    """Runs one kind, and passes on what the others report."""

    def __init__(self, config: pytest.Config, kind: str, others: list[str]):
        super().__init__(config, kind)
        self.waiting = others  # from the end
        self.reports: SimpleQueue[object] = SimpleQueue()
        self.running: set[subprocess.Popen[bytes]] = set()
        self.is_over = False

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        lanes = [Thread(target=self.run_others, name="other kinds of tests") for _ in range(2)]
        lanes[0].start()
        try:
            result = yield
            lanes[1].start()  # in place of this process, which is through
            for _ in lanes:
                self.pass_on(iter(self.reports.get, None), session)
        finally:
            self.is_over = True
            for process in self.running.copy():
                process.terminate()  # where this run was broken off; otherwise they have ended
            for lane in lanes:
                if lane.ident:
                    lane.join()
        return result

    def run_others(self) -> None:
        """Run what waits, and take what is reported as it comes, so that nobody waits for that; None after the last."""
        with suppress(IndexError):
            while not self.is_over:
                self.run_other(self.waiting.pop())
        self.reports.put(None)

    def run_other(self, kind: str) -> None:
        receiver, sender = Pipe(duplex=False)
        arguments = [*self.config.invocation_params.args, f"--kind={kind}", f"--send-reports-to={sender.fileno()}"]
        if kind in NEVER_DRAW:
            arguments.append("--no-xvfb")
        running = subprocess.Popen(
            [sys.executable, "-m", "pytest", *arguments],
            cwd=self.config.invocation_params.dir,
            pass_fds=[sender.fileno()],
            stdout=subprocess.DEVNULL,
        )
        self.running.add(running)
        sender.close()
        if self.is_over:  # meanwhile
            running.terminate()
        with suppress(EOFError):
            while True:
                self.reports.put(receiver.recv())
        if (status := running.wait()) not in FINE:
            self.reports.put(f"the process of the tests in {kind} ended with {status}")
        self.running.discard(running)

    def pass_on(self, reports: Iterator[object], session: pytest.Session) -> None:
        for data in reports:
            match data:
                case str(ended):
                    pytest.exit(ended, 1)
                case int(collected):
                    session.testscollected += collected
                    continue
            report = self.config.hook.pytest_report_from_serializable(config=self.config, data=data)
            if isinstance(report, pytest.CollectReport):
                session.ihook.pytest_collectreport(report=report)
                continue
            if report.when == "setup":
                session.ihook.pytest_runtest_logstart(nodeid=report.nodeid, location=report.location)
            session.ihook.pytest_runtest_logreport(report=report)


class Other(Process):
    """Runs another kind, and sends its reports."""

    def __init__(self, config: pytest.Config, kind: str, pipe: Connection):
        super().__init__(config, kind)
        self.pipe = pipe

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.pipe.send(len(session.items))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.pytest_runtest_logreport(report)

    def pytest_runtest_logreport(self, report: pytest.CollectReport | pytest.TestReport) -> None:
        self.pipe.send(self.config.hook.pytest_report_to_serializable(config=self.config, report=report))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kind", choices=KINDS, help="used by the tests themselves")
    parser.addoption("--send-reports-to", type=int, metavar="PIPE", help="used by the tests themselves")


def pytest_configure(config: pytest.Config) -> None:
    if (pipe := config.option.send_reports_to) is not None:
        config.pluginmanager.register(Other(config, config.option.kind, Connection(pipe, readable=False)))
        return
    files = [file for argument in config.args for file in files_in(path_of(argument, config))]
    found = {kind_of(file, headed=config.option.headed) for file in files}
    first, *others = [kind for kind in KINDS if kind in found] or KINDS[:1]
    if others and not config.option.collectonly:
        config.pluginmanager.register(First(config, first, others))


def files_in(path: Path) -> Iterable[Path]:
    return [path] if path.is_file() else path.rglob("test_*.py")


def path_of(argument: str, config: pytest.Config) -> Path:
    """Where a node id such as tests/gui/test_theme.py::test_dark leads."""
    return config.invocation_params.dir / argument.partition("::")[0]
