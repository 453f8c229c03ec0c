"""Tools that write a file, which must be there whole or not at all."""

import runpy
import sys
from pathlib import Path
from typing import Callable, Dict, List

from .trainings import ROOT

CONVERTERS = 'dataset_converters'


def write_answers(listed: Path, path: Path) -> Path:
    """Fill a list of the clean-up: all that it suspects is present."""
    text = listed.read_text(encoding='utf-8-sig')
    head, *lines = text.splitlines()
    place = head.split(',').index('present')
    rows = [line.split(',') for line in lines]
    for row in rows:
        row[place] = 'yes'
    path.write_text('\n'.join([head, *map(','.join, rows)]) + '\n')
    return path


def list_commands(
    run: Path, config: Path, data: Path, answers: Path
) -> Dict[str, List[str]]:
    """Name the tools, and what comes before the name of their output.

    Args:
        run (Path): A training that has recorded losses.
        config (Path): Of it.
        data (Path): Its images and annotations.
        answers (Path): A filled list.
    """
    clean_up = ['analysis/clean_up.py', str(run)]
    return {
        'out.json': [f'{CONVERTERS}/convert_labels.py']
        + [str(data / 'train.json'), '--rest', 'unknown'],
        'observed.jsonl': [f'{CONVERTERS}/observe_labels.py']
        + [str(config), '--out'],
        'list.csv': [*clean_up, '--data-root', str(data), '--out'],
        'ann.json': [*clean_up, '--answers', str(answers), '--out'],
    }


def load(command: List[str], out: Path) -> Callable[[], None]:
    """Return what runs a tool of :func:`list_commands`."""
    path = ROOT / 'tools' / command[0]
    main = runpy.run_path(str(path))['main']

    def act() -> None:
        sys.argv = [path.name, *command[1:], str(out)]
        main()

    return act
