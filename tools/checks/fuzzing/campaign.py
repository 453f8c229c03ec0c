"""Damaging files and reading them, entry by entry."""

import gc
import logging
import os
import random
import resource
import shutil
import signal
import tempfile
import traceback
import warnings
from collections import Counter
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple, Optional, Sequence

from .reader import DAMAGES, Reader, WrongResultError, check_sentence

#: What one entry may take beyond the process itself.
MEMORY = 2**30
SECONDS = 20


class Outcome(NamedTuple):
    """What a range of entries came to."""

    #: (reader, 'right' or 'refused') -> entries.
    counts: Dict[tuple, int]
    #: Entry -> what went wrong.
    failures: Dict[int, str]


class TooLongError(BaseException):
    """An entry that does not end; no reader takes it for its own error."""


def run_campaign(
    readers: Sequence[Reader],
    seed: int,
    entries: Sequence[int],
    keep: Optional[Path] = None,
) -> Outcome:
    """Damage a file for each entry and read it, in a process of its own.

    Entry n is of reader n modulo their number, and follows from ``seed`` and
    n alone. A process that dies is a failure of its entry; the next one goes
    on behind it.

    Args:
        readers (Sequence[Reader]): The readers.
        seed (int): Names the campaign.
        entries (Sequence[int]): Which entries.
        keep (Path, optional): Folder for the files of failures. Defaults to
            None: they are not kept.

    Returns:
        Outcome: The counts and the failures.
    """
    root = Path(tempfile.mkdtemp(prefix='fuzz-'))
    try:
        folders = [root / reader.name for reader in readers]
        for reader, folder in zip(readers, folders):
            folder.mkdir()
            reader.write(folder)
        return _run_forked(readers, folders, seed, entries, keep)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _run_forked(
    readers: Sequence[Reader],
    folders: Sequence[Path],
    seed: int,
    entries: Sequence[int],
    keep: Optional[Path],
) -> Outcome:
    counts, failures = Counter(), {}
    files = [path for folder in folders for path in folder.rglob('*.*')]
    whole = {path: path.read_bytes() for path in files if path.is_file()}
    context = get_context('fork')  # all is imported, which takes seconds
    while entries:
        at = context.Value('q', entries[0])
        ours, theirs = context.Pipe(duplex=False)
        work = readers, folders, seed, entries, keep, at, theirs
        process = context.Process(target=_work, args=work)
        process.start()
        theirs.close()
        try:
            while True:
                part = ours.recv()
                counts.update(part.counts)
                failures.update(part.failures)
        except EOFError:
            process.join()
        if process.exitcode == 0:
            break
        failures[at.value] = f'the process ended with {process.exitcode}'
        entries = entries[entries.index(at.value) + 1 :]
        for path, content in whole.items():
            path.write_bytes(content)
    return Outcome(counts, failures)


def _work(
    readers: Sequence[Reader],
    folders: Sequence[Path],
    seed: int,
    entries: Sequence[int],
    keep: Optional[Path],
    at: object,
    pipe: object,
) -> None:
    warnings.simplefilter('ignore')
    logging.disable(logging.WARNING)
    gc.freeze()  # MMEngine collects garbage for each data set
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)  # progress bars
    os.dup2(silence, 2)  # what libraries of pictures say
    pages = int(Path('/proc/self/statm').read_text().split()[0])
    limit = pages * resource.getpagesize() + MEMORY
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    signal.signal(signal.SIGALRM, _stop)
    for entry in entries:
        at.value = entry
        index = entry % len(readers)
        outcome = run_entry(readers[index], folders[index], seed, entry)
        pipe.send(outcome)
        if outcome.failures and keep is not None:
            _keep(readers[index], folders[index], seed, entry, keep)


def _stop(*_: object) -> None:
    raise TooLongError(f'it took over {SECONDS} s')


def run_entry(reader: Reader, folder: Path, seed: int, entry: int) -> Outcome:
    """Damage a file of a folder, read it, and restore it."""
    key = reader.name, 'refused'
    with _damaged(reader, folder, seed, entry) as rng:
        signal.alarm(SECONDS)
        try:
            reader.read(folder, rng)
            key = reader.name, 'right'
        except (ValueError, OSError) as error:
            try:
                check_sentence(str(error), folder)
            except WrongResultError as wrong:
                text = f'{type(error).__name__}: {wrong}\n{_where(error)}'
                return Outcome({}, {entry: f'{reader.name}: {text}'})
        except BaseException as error:
            text = f'{type(error).__name__}: {str(error)[:300]}'
            text = f'{reader.name}: {text}\n{_where(error)}'
            return Outcome({}, {entry: text})
        finally:
            signal.alarm(0)
    return Outcome({key: 1}, {})


def _where(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return '\n'.join(f'    {x.filename}:{x.lineno} {x.line}' for x in frames)


@contextmanager
def _damaged(
    reader: Reader, folder: Path, seed: int, entry: int
) -> Iterator[random.Random]:
    """Damage a file of a folder while the block runs."""
    rng = random.Random(f'{seed}/{entry}')
    files = _files(reader, folder)
    path = rng.choice(files)
    content = path.read_bytes()
    damage = rng.choice(DAMAGES[path.suffix])
    path.write_bytes(damage(content, rng))
    try:
        yield rng
    finally:
        path.write_bytes(content)


def _files(reader: Reader, folder: Path) -> List[Path]:
    return sorted(
        path
        for path in folder.rglob('*')
        if path.suffix in reader.endings and path.is_file()
    )


def _keep(
    reader: Reader, folder: Path, seed: int, entry: int, keep: Path
) -> None:
    """Copy what an entry reads, damaged."""
    target = keep / f'{reader.name}_{seed}_{entry}'
    shutil.rmtree(target, ignore_errors=True)
    with _damaged(reader, folder, seed, entry):
        shutil.copytree(folder, target)
