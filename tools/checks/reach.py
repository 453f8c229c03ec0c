"""Which functions of a file each test calls, and how long it takes."""

import json
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Dict, Iterator, List, NamedTuple, Set, Tuple

import pytest

#: A function: its name and its first line.
Place = Tuple[str, int]


class Test(NamedTuple):
    """What is known of a test."""

    seconds: float
    places: Set[Place]


class Recorder:
    """A plugin of pytest that watches the tests of a run.

    Args:
        file (str): Whose functions count.
        record (Path): Where the run is written down when it has ended.
    """

    def __init__(self, file: str, record: Path) -> None:
        self.file = file
        self.record = record
        self.tests: List[list] = []
        self.places: Set[Place] = set()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Watch one test with its fixtures."""
        self.places = set()
        start = time.process_time()
        threading.setprofile(self._note)
        sys.setprofile(self._note)
        yield
        sys.setprofile(None)
        threading.setprofile(None)
        seconds = time.process_time() - start
        self.tests.append([item.nodeid, seconds, sorted(self.places)])

    def pytest_sessionfinish(self) -> None:
        """Write the tests down."""
        self.record.write_text(json.dumps(self.tests))

    def _note(self, frame: FrameType, event: str, argument: object) -> None:
        code = frame.f_code
        if event == 'call' and code.co_filename == self.file:
            self.places.add((code.co_name, code.co_firstlineno))


def read_tests(record: Path) -> Dict[str, Test]:
    """Read what a recorder wrote, by the name of the test."""
    return {
        name: Test(seconds, {(place[0], place[1]) for place in places})
        for name, seconds, places in json.loads(record.read_text())
    }
