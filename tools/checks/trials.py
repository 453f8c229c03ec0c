"""Running the tests on mutants, each in a process forked for it."""

import gc
import json
import math
import os
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Dict, Iterable, List, Optional, Sequence

import pytest
from forks import fork, limit_resources, wait
from loading import MutantFinder, changed_codes, functions_of, recode
from mutations import Mutant
from reach import Place, Recorder, Test, read_tests

#: Tests that start processes would read the file as it is.
OPTIONS = ('-x', '-q', '-m', 'not slow and not dist', '-p', 'no:cacheprovider')


class Trials:
    """Tries mutants of one file.

    The package is imported and the tests are collected once; each mutant is a
    fork of that, with another code in a function, and runs the tests that
    call the function, quick ones first. What is no code of a function, and
    what survives, is tried again on a package imported with it.

    Args:
        root (Path): The folder that holds the package and its tests.
        tests (Sequence[str]): Test files, below ``root``.
        mutants (Sequence[Mutant]): Of one file.
    """

    def __init__(
        self, root: Path, tests: Sequence[str], mutants: Sequence[Mutant]
    ) -> None:
        self.root = root
        self.tests = tests
        self.mutants = mutants
        self.file = str(root / mutants[0].file)

    def run(self) -> List[str]:
        """Say of each mutant: 'killed', 'timeout' or 'survived'.

        Raises:
            RuntimeError: If the tests do not pass on the sound file.
        """
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            server = _Server(self.file, self.mutants, place)
            # Nothing bounds how long all of them take.
            wait(fork(partial(self._run_tests, place, server)), math.inf)
            if not server.verdicts.exists():
                output = (place / 'output').read_text('utf-8', 'replace')
                raise RuntimeError(
                    f'{output}\n{" ".join(self.tests)} did not pass without '
                    'any mutant: mend that first.'
                )
            tests = read_tests(server.record)
            record = json.loads(server.verdicts.read_text())
            verdicts = []
            for mutant, (verdict, names) in zip(self.mutants, record):
                if verdict in ('untried', 'survived'):
                    choice = _Choice(tests, names)
                    verdict = wait(
                        fork(partial(self._try_anew, place, mutant, choice))
                    )
                verdicts.append(verdict)
            return verdicts

    def _try_anew(self, place: Path, mutant: Mutant, choice: '_Choice') -> int:
        """Run tests on a package that is imported with the fault."""
        limit_resources(choice.seconds)
        sys.dont_write_bytecode = True
        sys.meta_path.insert(0, MutantFinder(mutant))
        return self._run_tests(place, choice)

    def _run_tests(self, place: Path, plugin: object) -> int:
        """Run tests in this process, which they may leave in any state."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        output = os.open(place / 'output', flags)
        for stream in (1, 2):
            os.dup2(output, stream)
        os.environ.pop('MMWSML_DATA', None)  # not there on every machine
        os.chdir(self.root)
        sys.path.insert(0, str(self.root))
        base = f'--basetemp={place / "base"}'
        return pytest.main([*OPTIONS, base, *self.tests], [plugin])


class _Choice:
    """A plugin of pytest: some of the tests, the quick ones first."""

    def __init__(
        self, tests: Dict[str, Test], names: Optional[Sequence[str]]
    ) -> None:
        self.tests = tests
        self.names = set(tests if names is None else names)
        self.seconds = sum(tests[name].seconds for name in self.names)

    def pytest_collection_modifyitems(self, items: List[pytest.Item]) -> None:
        """Choose and order what was collected."""
        chosen = [item for item in items if item.nodeid in self.names]
        # What a mutant has renamed is new: it runs too.
        chosen += [item for item in items if item.nodeid not in self.tests]
        chosen.sort(key=self._seconds)
        items[:] = chosen

    def _seconds(self, item: pytest.Item) -> float:
        test = self.tests.get(item.nodeid)
        return 0.0 if test is None else test.seconds


class _Server:
    """A plugin of pytest that runs the collected tests once a mutant."""

    def __init__(
        self, file: str, mutants: Sequence[Mutant], place: Path
    ) -> None:
        self.file = file
        self.mutants = mutants
        self.record = place / 'record'
        self.verdicts = place / 'verdicts'

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Optional[bool]:
        """Fork; in a fork, return None, so that pytest runs the tests."""
        if session.testsfailed:
            return None  # could not be collected, which pytest says
        gc.freeze()  # or a fork copies the memory when it collects garbage
        process = os.fork()
        if not process:
            recorder = Recorder(self.file, self.record)
            session.config.pluginmanager.register(recorder)
            return None
        if wait(process) != 'survived':
            return True
        tests, verdicts = read_tests(self.record), []
        functions = functions_of(self.file)
        for mutant in self.mutants:
            codes = changed_codes(functions, mutant.compile(self.file))
            choice = _reaching(tests, codes)
            verdict = 'untried'
            if choice.names:
                process = os.fork()
                if not process:
                    limit_resources(choice.seconds)
                    recode(functions, codes)
                    choice.pytest_collection_modifyitems(session.items)
                    return None
                verdict = wait(process)
            verdicts.append((verdict, sorted(choice.names) or None))
        self.verdicts.write_text(json.dumps(verdicts))
        return True


def _reaching(tests: Dict[str, Test], places: Iterable[Place]) -> _Choice:
    """Choose the tests that call any of some functions."""
    places = set(places)
    return _Choice(tests, [n for n, t in tests.items() if t.places & places])
