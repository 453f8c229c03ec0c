"""The newest whole checkpoint of a work dir."""

import logging
import re
import zipfile
from pathlib import Path
from typing import List, Optional, Union

from mmengine.dist import broadcast_object_list, is_main_process

from mmwsml.structures.format_version import NewerFormatError

from ..inference.checkpoint import load_from_plain_file


def choose_checkpoint(
    folder: Union[str, Path],
    work_dir: Union[str, Path],
    template: str,
    logger: logging.Logger,
) -> Optional[str]:
    """Choose what a run goes on from, the same on all processes.

    Args:
        folder (str | Path): Where the checkpoints are.
        work_dir (str | Path): Where ``last_checkpoint`` is.
        template (str): Of their names, with ``{}`` for the step.
        logger (Logger): Names what was left out, and why.

    Returns:
        str | None: None where there is no checkpoint at all.

    Raises:
        ValueError: If there are some, but none of them is whole.
    """
    answer: List[Optional[str]] = [None, None]
    if is_main_process():
        try:
            answer[0] = _choose(Path(folder), Path(work_dir), template, logger)
        except ValueError as error:
            answer[1] = str(error)  # the others must not wait
    broadcast_object_list(answer)
    if answer[1] is not None:
        raise ValueError(answer[1])
    return answer[0]


def find_fault(path: Path) -> Optional[str]:
    """Say why a run cannot go on from a checkpoint.

    Args:
        path (Path): The file; all of it is read.

    Returns:
        str | None: None where it is whole.

    Raises:
        NewerFormatError: If a later version wrote it: an older checkpoint
            would undo what that one has trained.
    """
    try:
        with zipfile.ZipFile(path) as file:  # torch checks no check sum
            damaged = file.testzip()
        if damaged is not None:
            return f'{damaged} in it is damaged'
        content = load_from_plain_file(str(path), map_location='cpu')
    except zipfile.BadZipFile:
        return 'it was cut off while it was written, or is damaged'
    except NewerFormatError:
        raise
    except (OSError, ValueError) as error:
        return str(error).rstrip('.')
    for name in ('meta', 'state_dict', 'message_hub'):
        if not isinstance(content.get(name), dict):
            return f'it holds no `{name}`'
    for name in ('epoch', 'iter'):
        if type(content['meta'].get(name)) is not int:
            return f'it holds no `meta.{name}`'
    return None


def _choose(
    folder: Path, work_dir: Path, template: str, logger: logging.Logger
) -> Optional[str]:
    faults = []
    for path in _newest_first(folder, work_dir, template):
        fault = find_fault(path)
        if fault is None:
            logger.info(f'Resuming from the newest checkpoint, {path}.')
            return str(path)
        logger.warning(f'The checkpoint {path} is left out: {fault}.')
        faults.append(f'{path.name}: {fault}')
    if faults:
        raise ValueError(
            f'{folder} holds no whole checkpoint to resume from '
            f'({"; ".join(faults)}): remove what is damaged to begin anew.'
        )
    return None


def _newest_first(folder: Path, work_dir: Path, template: str) -> List[Path]:
    """List checkpoints by when they were written, the last one first.

    The one that ``last_checkpoint`` names comes first, unless one of a later
    step was written after it: in a folder that was copied, times may be in
    any order, and another run may have left checkpoints of later steps.
    """
    before, _, after = template.partition('{}')
    pattern = re.compile(re.escape(before) + r'(\d+)' + re.escape(after))
    found = {}
    for path in folder.glob('*'):
        match = pattern.fullmatch(path.name)
        if match and path.is_file():
            found[path] = path.stat().st_mtime_ns, int(match[1])
    note = work_dir / 'last_checkpoint'
    text = (
        note.read_text(errors='replace', encoding='utf-8').strip()
        if note.is_file()
        else ''
    )
    named = folder / (Path(text).name or 'none')  # it may have been moved
    time, step = found.get(named, (0, 0))

    def age(path: Path) -> tuple:
        later = found[path][0] >= time and found[path][1] > step
        return later, path == named, found[path]

    return sorted(found, key=age, reverse=True)
