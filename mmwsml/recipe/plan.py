"""What a fit has been asked, has read, measured and decided: fit.json."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any, Dict, Optional

from mmwsml.records.run_folder import write_versioned
from mmwsml.structures.format_version import check_format_version
from mmwsml.structures.json_text import parse_json

from .fitted_folder import FittedFolder
from .request import Request

#: What a fit, or a refit, puts into its folder before it has a plan.
OURS = {'.lock', 'log.txt', 'weights', 'given', 'features'}


class Plan:
    """The file, which a fit that goes on reads again.

    Args:
        path (Path): Where it is written.
        content (dict): What it says.
    """

    def __init__(self, path: Path, content: Dict[str, Any]) -> None:
        self.path = path
        self.content = content

    def note(self, **values: Any) -> None:
        """Write down what has been found, plain values by name."""
        self.content.update(values)
        write_versioned(self.path, self.content)

    def get(self, name: str) -> Any:
        """Return what is noted; None: nothing."""
        return self.content.get(name)


def open_plan(folder: FittedFolder, request: Request) -> Plan:
    """Begin a plan, or go on with the one of the same request.

    Args:
        folder (FittedFolder): Made if it is not there.
        request (Request): What is asked.

    Raises:
        FileExistsError: If the folder is of something else.
        OSError: If it cannot be written to.
    """
    asked = _identify(request)
    if folder.plan.is_file():
        content = _read(folder.plan)
        _compare(content.get('asked'), asked, request)
        del content['version']
        return Plan(folder.plan, content)
    found = sorted({x.name for x in folder.path.iterdir()} - OURS)
    if found:
        raise FileExistsError(
            f'{folder.path} holds {len(found)} files or folders that no fit '
            f'has made, such as {found[0]!r:.100}: choose another --out.'
        )
    images = os.path.abspath(request.images)
    return Plan(folder.plan, dict(asked=asked, images=images))


def make_folder(path: Path) -> None:
    """Make a folder that can be written to.

    Raises:
        OSError: If it cannot.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe = path / '.lock'
        with probe.open('a', encoding='utf-8'):
            pass
    except OSError as error:
        reason = error.strerror or error
        raise OSError(
            f'--out {path}: cannot be written to ({reason}); choose another '
            'folder.'
        ) from error


def _identify(request: Request) -> Dict[str, Any]:
    asked = request.identity()
    digests = {
        name: _digest(getattr(request, name))
        for name in ('labels', 'val', 'test')
    }
    asked['digests'] = digests
    return json.loads(json.dumps(asked))


def _digest(path: Optional[str]) -> Optional[str]:
    """Hash a file of labels; None of a folder, or of nothing."""
    if path is None or not os.path.isfile(path):
        return None
    digest = hashlib.blake2b(digest_size=16)
    with open(path, 'rb') as file:
        for block in iter(lambda: file.read(1 << 20), b''):
            digest.update(block)
    return digest.hexdigest()


def _read(path: Path) -> Dict[str, Any]:
    try:
        content = parse_json(path.read_bytes())
        check_format_version(content['version'], path)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f'{path} is damaged ({error}): choose another --out.'
        ) from error
    return content


def _compare(before: Any, now: Dict[str, Any], request: Request) -> None:
    """Refuse to go on with something else."""
    if before == now:
        return
    known = before if isinstance(before, dict) else {}
    names = {k for k in {*known, *now} if known.get(k) != now.get(k)}
    # Labels that were not given before are told by their option.
    name = min(names, key=lambda k: (k == 'digests', k))
    if name == 'digests':
        what = 'labels that have changed since'
    else:
        what = (
            f'{name.replace("_", "-")} {known.get(name)!r:.100}, not '
            f'{now.get(name)!r:.100}'
        )
    raise FileExistsError(
        f'{request.out} is of another fit, with {what}: choose another --out, '
        'or call it as before to go on.'
    )
