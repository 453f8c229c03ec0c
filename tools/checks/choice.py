"""Some of the tests that pytest has collected."""

from typing import Dict, List, Sequence

import pytest
from forks import limit_cpu
from reach import Test


class Choice:
    """A plugin of pytest: some of the tests, the quick ones first."""

    def __init__(self, tests: Dict[str, Test], names: Sequence[str]) -> None:
        self.tests = tests
        self.names = set(names)

    def pytest_collection_modifyitems(self, items: List[pytest.Item]) -> None:
        """Choose and order what was collected."""
        chosen = [item for item in items if item.nodeid in self.names]
        # What a mutant has renamed is new: it runs too.
        chosen += [item for item in items if item.nodeid not in self.tests]
        chosen.sort(key=self._seconds)
        items[:] = chosen

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        """End the process where a test takes ten times its CPU."""
        limit_cpu(self._seconds(item))

    def _seconds(self, item: pytest.Item) -> float:
        test = self.tests.get(item.nodeid)
        return 0.0 if test is None else test.seconds
