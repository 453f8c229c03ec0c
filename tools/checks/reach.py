"""Which functions each test calls, and how long it takes."""

import json
import sys
import threading
import time
from pathlib import Path
from types import CodeType, FrameType
from typing import Dict, Iterable, Iterator, List, NamedTuple, Set, Tuple

import pytest

#: A function: its file, its name and its first line.
Place = Tuple[str, str, int]


def place_of(code: CodeType) -> Place:
    """Name a function by where it stands."""
    return code.co_filename, code.co_name, code.co_firstlineno


class Test(NamedTuple):
    """What is known of a test."""

    seconds: float
    places: Set[Place]


class Recorder:
    """A plugin of pytest that watches the tests of a run.

    Args:
        files (Iterable[str]): Whose functions count.
        record (Path): Where the run is written down when it has ended.
    """

    def __init__(self, files: Iterable[str], record: Path) -> None:
        self.files = set(files)
        self.record = record
        self.tests: List[list] = []
        self.places: Set[Place] = set()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Watch one test with its fixtures."""
        self.places = set()
        start = time.process_time()
        threading.settrace(self._note)
        sys.settrace(self._note)
        yield
        sys.settrace(None)
        threading.settrace(None)
        seconds = time.process_time() - start
        self.tests.append([item.nodeid, seconds, sorted(self.places)])

    def pytest_sessionfinish(self) -> None:
        """Write the tests down."""
        self.record.write_text(json.dumps(self.tests))

    def _note(self, frame: FrameType, event: str, argument: object) -> None:
        """Note a function that begins; None: its lines are of no interest."""
        if frame.f_code.co_filename in self.files:
            self.places.add(place_of(frame.f_code))


def read_tests(record: Path) -> Dict[str, Test]:
    """Read what a recorder wrote, by the name of the test."""
    return {
        name: Test(seconds, set(map(tuple, places)))
        for name, seconds, places in json.loads(record.read_text())
    }
