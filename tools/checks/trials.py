"""Running the tests on mutants, each in a process forked for it."""

import gc
import json
import math
import os
import sys
import tempfile
from functools import partial
from pathlib import Path
from types import FunctionType
from typing import Callable, Dict, List, Optional, Sequence, Tuple

import pytest
from choice import Choice
from forks import fork, limit_memory, wait
from loading import MutantFinder, changed_codes, functions_of, recode
from mutations import Mutant
from reach import Recorder, Test, read_tests
from rebinding import Rebinding

#: Tests that start processes would read the file as it is.
OPTIONS = ('-x', '-q', '--tb=no', '-m', 'not slow and not dist')
#: Plugins that write to the repository, or collect garbage at the end.
WITHOUT = ('cacheprovider', 'threadexception', 'unraisableexception')


class Trials:
    """Tries mutants of files whose tests stand in one folder.

    The package is imported and the tests are collected once; each mutant is a
    fork of that, with another code in a function, and runs those tests of its
    file that call the function, quick ones first. What is no code of a
    function is tried on a package imported with it.

    Args:
        root (Path): The folder that holds the package and its tests.
        tests (dict[str, Sequence[str]]): Of each file its test files, all
            below ``root``.
        mutants (Sequence[Mutant]): Of these files.
    """

    def __init__(
        self,
        root: Path,
        tests: Dict[str, Sequence[str]],
        mutants: Sequence[Mutant],
    ) -> None:
        self.root = root
        self.tests = tests
        self.mutants = mutants

    def run(self) -> List[str]:
        """Say of each mutant: 'killed', 'timeout' or 'survived'.

        Raises:
            RuntimeError: If the tests do not pass on the sound file, in the
                order written and in that of a mutant.
        """
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            server = _Server(self.root, self.tests, self.mutants, place)
            files = sorted({name for t in self.tests.values() for name in t})
            process = fork(partial(self._run_tests, place, server, files))
            wait(process, math.inf)
            if not server.verdicts.exists():
                output = (place / 'output').read_text('utf-8', 'replace')
                raise RuntimeError(
                    f'{output}\n{" ".join(files)} did not pass without '
                    'any mutant: mend that first.'
                )
            tests = read_tests(server.record)
            record = json.loads(server.verdicts.read_text())
            verdicts = []
            for mutant, verdict in zip(self.mutants, record):
                if verdict == 'untried':
                    verdict = wait(
                        fork(partial(self._try_anew, place, mutant, tests))
                    )
                verdicts.append(verdict)
            return verdicts

    def _try_anew(
        self, place: Path, mutant: Mutant, tests: Dict[str, Test]
    ) -> int:
        """Run tests on a package that is imported with the fault."""
        files = self.tests[mutant.file]
        choice = Choice(tests, [n for n in tests if _file_of(n) in files])
        limit_memory()
        sys.dont_write_bytecode = True
        sys.meta_path.insert(0, MutantFinder(mutant))
        return self._run_tests(place, choice, files)

    def _run_tests(
        self, place: Path, plugin: object, files: Sequence[str]
    ) -> int:
        """Run tests in this process, which they may leave in any state."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        output = os.open(place / 'output', flags)
        for stream in (1, 2):
            os.dup2(output, stream)
        os.environ.pop('MMWSML_DATA', None)  # not there on every machine
        os.chdir(self.root)
        sys.path.insert(0, str(self.root))
        base = f'--basetemp={place / "base"}'
        without = [f'-pno:{name}' for name in WITHOUT]
        options = [*OPTIONS, *without, base, *files]
        return pytest.main(options, [plugin])


class _Server:
    """A plugin of pytest that runs the collected tests once a mutant."""

    def __init__(
        self,
        root: Path,
        tests: Dict[str, Sequence[str]],
        mutants: Sequence[Mutant],
        place: Path,
    ) -> None:
        self.root = root
        self.tests = tests
        self.mutants = mutants
        self.record = place / 'record'
        self.verdicts = place / 'verdicts'

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Optional[bool]:
        """Fork; in a fork, return None, so that pytest runs the tests."""
        if session.testsfailed:
            return None  # could not be collected, which pytest says
        functions = functions_of(str(self.root / file) for file in self.tests)
        # Or a fork copies all memory when it collects garbage.
        gc.freeze()
        process = os.fork()
        if not process:
            recorder = Recorder(functions, self.record)
            session.config.pluginmanager.register(recorder)
            return None
        if wait(process, math.inf) != 'survived':
            return True
        tests, verdicts = read_tests(self.record), []
        # As a mutant's: in another order, and under its limits.
        process = os.fork()
        if not process:
            return _run_some(session, Choice(tests, list(tests)))
        if wait(process, math.inf) != 'survived':
            return True
        for mutant in self.mutants:
            file = str(self.root / mutant.file)
            apply, names = self._plan(mutant, file, functions[file], tests)
            verdict = 'untried'
            if names:
                process = os.fork()
                if not process:
                    apply()
                    return _run_some(session, Choice(tests, names))
                verdict = wait(process)
            verdicts.append(verdict)
        self.verdicts.write_text(json.dumps(verdicts))
        return True

    def _plan(
        self,
        mutant: Mutant,
        file: str,
        functions: Sequence[FunctionType],
        tests: Dict[str, Test],
    ) -> Tuple[Callable[[], None], List[str]]:
        """Say how a fault comes into what is loaded, and which tests see it.

        Where it cannot come in there are none.
        """
        own = [n for n in tests if _file_of(n) in self.tests[mutant.file]]
        codes = changed_codes(functions, mutant.compile(file))
        if codes:
            names = [n for n in own if tests[n].places & set(codes)]
            return partial(recode, functions, codes), names
        # A test may look at a default or an attribute without any call.
        rebinding = Rebinding(mutant, file, functions)
        names = own if rebinding.is_possible else []
        return rebinding.apply, names


def _run_some(session: pytest.Session, choice: Choice) -> None:
    """Let pytest run chosen tests in this process."""
    limit_memory()
    choice.pytest_collection_modifyitems(session.items)
    session.config.pluginmanager.register(choice)


def _file_of(test: str) -> str:
    """Name the file of a test."""
    return test.partition('::')[0]
