"""The numbers that MMEngine writes down while a run trains."""

import json
from pathlib import Path
from typing import Iterator


def iter_scalars(run: Path) -> Iterator[dict]:
    """Yield the lines of ``scalars.json``, as they were written.

    A run that was killed and went on has several; those of the last come
    last. A line that was cut off when it was killed is left out.

    Args:
        run (Path): Its work dir.

    Yields:
        dict: Numbers by name, ``step`` among them.
    """
    for path in sorted(run.glob('*/vis_data/scalars.json')):
        for line in path.read_text(
            errors='replace', encoding='utf-8'
        ).splitlines():
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if isinstance(entry, dict) and 'step' in entry:
                yield entry
