"""Whether a run was made with the config that would make it now."""

import inspect
import re
from typing import Any, Dict, Optional

from mmengine.runner import Runner

from mmwsml.analysis.run_config import read_config

from .matrix import Run

#: What the Runner takes from a config; the rest are names used within it.
READ = set(inspect.signature(Runner.__init__).parameters)
#: What the machine or the command changes in the config that is written down.
FREE = re.compile(
    r'work_dir|launcher|resume|default_hooks\.channels_last\..*'
    r'|\w+_dataloader\.(pin_memory|num_workers|persistent_workers)'
)


def check_run(run: Run) -> None:
    """Refuse a run that another version of the config has made.

    Raises:
        ValueError: If it has results, and another config or none.
    """
    begun = {*run.folder.glob('*.pth'), *run.folder.glob('*.json')}
    if not begun - {run.folder / 'failed.json'}:
        return  # a run that was killed at once may have half a config
    dump = run.folder / run.setting.leaf.path.name
    if not dump.exists():
        raise ValueError(
            f'{run.folder}: has results but no {dump.name} that says how '
            'they were made; take another --work-dir or remove the folder.'
        )
    difference = find_difference(read_config(dump).to_dict(), run.config)
    if difference:
        raise ValueError(
            f'{run.folder}: was made with another version of the config, '
            f'{difference}; repeat the --cfg-options it was made with, take '
            'another --work-dir, or remove the folder.'
        )


def fits(run: Run) -> bool:
    """Whether a run is new, or made with the config as it is now."""
    try:
        check_run(run)
    except ValueError:
        return False
    return True


def find_difference(then: dict, now: dict) -> Optional[str]:
    """Say what differs first between two configs, as far as it matters.

    Args:
        then (dict): That of a run.
        now (dict): The config.

    Returns:
        str | None: None where nothing differs.
    """
    old, new = _flatten(then), _flatten(now)
    if then.get('resume'):  # the tool has emptied it
        old.pop('load_from', None)
        new.pop('load_from', None)
    for key in sorted({*old, *new}):
        if key.split('.')[0] not in READ or FREE.fullmatch(key):
            continue
        if key not in old or key not in new or old[key] != new[key]:
            left, right = (
                repr(flat[key]) if key in flat else 'not set'
                for flat in (old, new)
            )
            return f'where `{key}` was {left} and now is {right}'
    return None


def _flatten(value: Any, prefix: str = '') -> Dict[str, Any]:
    """Turn nested dicts and lists into dotted keys; empty ones stay."""
    if isinstance(value, dict):
        items = [(str(key), item) for key, item in value.items()]
    elif isinstance(value, (list, tuple)):
        items = [(str(index), item) for index, item in enumerate(value)]
    else:
        return {prefix: value}
    if not items:
        return {prefix: []}
    flat = {}
    for key, item in items:
        flat.update(_flatten(item, f'{prefix}.{key}' if prefix else key))
    return flat
