"""What a person has written is not overwritten."""

import os
from pathlib import Path
from typing import Iterable, Optional, Union

PathLike = Union[str, Path]


def refuse_to_overwrite(
    outputs: Iterable[PathLike],
    sources: Iterable[Optional[PathLike]] = (),
    force: bool = False,
) -> None:
    """Refuse files to write that are there, or that are read.

    For files that a user names and may fill or correct, before the work that
    makes them. What a tool makes anew in its normal course, such as a report
    or the tables of a benchmark, is replaced without a question.

    Args:
        outputs (Iterable[str | Path]): What is going to be written. What is
            no regular file, such as ``/dev/stdout``, may be.
        sources (Iterable[str | Path]): What is read, None: nothing. Defaults
            to ().
        force (bool): Whether a file that is there may be replaced, unless it
            is one of ``sources``. Defaults to False.

    Raises:
        FileExistsError: If an output is there or is a source.
        IsADirectoryError: If an output is a folder.
    """
    read = [path for path in sources if path and os.path.exists(path)]
    for output in outputs:
        if os.path.isdir(output):
            raise IsADirectoryError(
                f'{output} is a folder, but a file is to be written; name '
                'one in it.'
            )
        if not os.path.isfile(output):
            continue
        if any(os.path.samefile(output, path) for path in read):
            raise FileExistsError(
                f'{output} is what is read: it would be lost; name another '
                'file to write.'
            )
        if not force:
            raise FileExistsError(
                f'{output} is there already, and someone may have worked on '
                'it; name another file, or overwrite it with --force.'
            )
