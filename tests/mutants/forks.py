"""Try the changes that have no result: mutmut writes them, the tests are collected once, a fork tries each.

It runs by its path in the folder that `python -m tests.mutants` lays out, with the names of the changes to try. A
pytest of its own for each change, as mutmut runs it, would cost a second of start for a hundredth of testing.
"""

import gc
import json
import os
import resource
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from time import process_time

import pytest
from _pytest.runner import runtestprotocol
from mutmut.__main__ import collect_source_file_mutation_data, create_mutants
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state
from mutmut.utils.file_utils import copy_also_copy_files, copy_src_dir, setup_source_paths
from mutmut.utils.format_utils import mangled_name_from_mutant_name

ASKS_A_SERVER = {"settings", "postgres", "kafka"}
LEFT_OUT = ("test_commands", "test_laws", "test_method", "test_speed")  # they start processes, or take long
NOTICED, UNREACHED = 1, 33
SECONDS = 10  # of the processor's time; all tests together take a few


class Trial:
    """A pytest plugin that runs the tests once as they are, and then those that reach a change under that change."""

    def __init__(self, waiting: Mapping[Path, Sequence[str]], children: int) -> None:
        self._waiting = waiting
        self._children = children
        self._in_a_fork = False
        self._running: dict[int, str] = {}
        self._reaching: dict[str, list[tuple[float, int]]] = defaultdict(list)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep what needs neither PostgreSQL nor Kafka and gives the same answer every time."""
        items[:] = [
            each
            for each in items
            if not ASKS_A_SERVER & set(getattr(each, "fixturenames", ()))
            and not hasattr(getattr(each, "obj", None), "hypothesis")
        ]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, call: pytest.CallInfo[None]) -> None:
        """Under a change the first failure is the answer; telling of it would take longer than finding it."""
        if self._in_a_fork and call.excinfo is not None and not call.excinfo.errisinstance(pytest.skip.Exception):
            os._exit(NOTICED)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Say after each module how many of its changes were tried."""
        self._learn(session)
        for meta, names in self._waiting.items():
            begin = _spent()
            for name, end in self._tried(session, names):
                _save(meta, name, end)
            told = f"{meta.stem}: {len(names)} tried in {_spent() - begin:.0f} s of the processor's time"
            session.config.get_terminal_writer().line(told, flush=True)
        return True

    def _learn(self, session: pytest.Session) -> None:
        """Find out which test reaches which function, and that all pass."""
        set_mutant_under_test("stats")
        for number, item in enumerate(session.items):
            _forget()
            state()._stats.clear()
            begin = process_time()
            if not _passes(item):
                raise pytest.UsageError(f"{item.nodeid} fails where nothing was changed")
            for function in state()._stats:
                self._reaching[function].append((process_time() - begin, number))
        set_mutant_under_test("")
        gc.collect()
        gc.freeze()

    def _tried(self, session: pytest.Session, names: Sequence[str]) -> Iterator[tuple[str, int]]:
        for name in names:
            reaching = self._reaching.get(mangled_name_from_mutant_name(name))
            if reaching is None:
                yield name, UNREACHED
                continue
            if len(self._running) == self._children:
                yield self._ended()
            tests = [session.items[number] for _, number in sorted(reaching)]
            self._running[self._fork(name, tests)] = name
        while self._running:
            yield self._ended()

    def _fork(self, name: str, tests: Sequence[pytest.Item]) -> int:
        if pid := os.fork():
            return pid
        end = 3
        try:
            self._in_a_fork = True
            gc.disable()
            _forget()
            set_mutant_under_test(name)
            limit = int(process_time()) + SECONDS
            resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
            end = 0 if all(_passes(each) for each in tests) else NOTICED
        finally:
            os._exit(end)

    def _ended(self) -> tuple[str, int]:
        pid, status = os.wait()
        return self._running.pop(pid), os.waitstatus_to_exitcode(status)


def _spent() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _passes(item: pytest.Item) -> bool:
    """Run one test, whatever ran before: its session stays, its module is left."""
    reports = runtestprotocol(item, log=False, nextitem=item.session)  # type: ignore[arg-type]
    return not any(each.failed for each in reports)


def _forget() -> None:
    """What the domain cached before a change was made would hide the change."""
    for name, module in list(sys.modules.items()):
        if name.startswith("promises.domain"):
            for each in vars(module).values():
                if hasattr(each, "cache_clear"):
                    each.cache_clear()


def _save(meta: Path, name: str, end: int) -> None:
    """At once: a run that is broken off keeps what it found."""
    data = json.loads(meta.read_text(encoding="utf-8"))
    data["exit_code_by_key"][name] = end
    meta.write_text(json.dumps(data, indent=4), encoding="utf-8")


def _waiting(names: Sequence[str]) -> dict[Path, list[str]]:
    """The changes without a result by the file that keeps the results; without names all of them."""
    found: dict[Path, list[str]] = defaultdict(list)
    mutants, _ = collect_source_file_mutation_data(mutant_names=list(names))
    for module, name, end in mutants:
        if end is None:
            found[Path(module.meta_path).resolve()].append(name)
    return found


def main(children: str, *names: str) -> int:
    """Write the changes and try them; 0 where all were tried."""
    copy_src_dir()
    copy_also_copy_files()
    setup_source_paths()
    set_mutant_under_test("mutant_generation")
    create_mutants(int(children))
    trial = Trial(_waiting(names), int(children))
    os.chdir("mutants")
    ignored = [f"--ignore=services/promises/tests/{name}.py" for name in LEFT_OUT]
    options = ["--rootdir=.", "--assert=plain", "-p", "no:cacheprovider", *ignored, "services/promises/tests"]
    return int(pytest.main(options, plugins=[trial]))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
