"""What a config from elsewhere may have built."""

from typing import Any, Iterator, Mapping, Optional, Sequence, Tuple

import mmengine.registry as root_registry
import mmpretrain.registry as host_registry

from mmwsml import registry as own_registry
from mmwsml.structures.short_value import cut_text

#: Packages whose registered parts may be named.
SCOPES = ('mmwsml', 'mmpretrain', 'mmengine', 'mmcv')
#: What opens a file or imports a module as something is built.
OPENERS = (
    'init_cfg',
    'pretrained',
    'checkpoint',
    'checkpoint_path',
    'custom_imports',
)
#: Registered, and yet a way to code or files from elsewhere.
BARRED = ('mmpretrain.models.backbones.timm_backbone',)
#: What MMEngine's reader of files runs code of.
PROGRAMS = ('.pkl', '.pickle', '.yaml', '.yml', '.py')


def check_parts(
    content: Any, places: Mapping[str, Sequence[str]], source: str, remedy: str
) -> None:
    """Refuse a config that names more than some registered parts.

    A ``type`` in a config may name any function of any package, which MMEngine
    would import and call; a ``_scope_`` any package, which it would import.

    Args:
        content: Dicts and lists, as JSON has them.
        places (dict[str, Sequence[str]]): Registry, such as 'MODELS' -> the
            modules, or packages, whose parts may be named; with a colon, the
            one part.
        source (str): The file, for the message.
        remedy (str): What to do instead, for the message.

    Raises:
        ValueError: If it does, or opens files.
    """
    for part in _iter_dicts(content):
        fault = _find_fault(part, places)
        if fault:
            raise ValueError(
                f'{source}: its config names {cut_text(fault)}, and was '
                f'refused; {remedy}.'
            )


def _find_fault(
    part: dict, places: Mapping[str, Sequence[str]]
) -> Optional[str]:
    name = part.get('type', '')
    if 'type' in part and not _is_known(name, places):
        return (
            f'{name!r}, which is not a registered part of the mm packages '
            'that may be built here'
        )
    if part.get('_scope_', SCOPES[0]) not in SCOPES:
        return f'{part["_scope_"]!r}, which is not one of the mm packages'
    for key, value in part.items():
        if key in OPENERS and value is not None:
            return f'`{key}`, which opens something else'
        if isinstance(value, str) and value.lower().endswith(PROGRAMS):
            return f'{value!r}, a file that may hold a program'
    return None


def _iter_dicts(content: Any) -> Iterator[dict]:
    """Yield each dict inside dicts, lists and tuples."""
    if isinstance(content, dict):
        yield content
        content = list(content.values())
    if isinstance(content, (list, tuple)):
        for child in content:
            yield from _iter_dicts(child)


def _is_known(name: Any, places: Mapping[str, Sequence[str]]) -> bool:
    """Whether a name is one of parts, and of nothing else."""
    scope, _, part = str(name).rpartition('.')
    if not isinstance(name, str) or scope not in ('', *SCOPES):
        return False
    homes = [
        (f'{found.__module__}:{part}', allowed)
        for kind, allowed in places.items()
        for found in _find(kind, part)
    ]
    return bool(homes) and all(
        _is_in(home, allowed) and not _is_in(home, BARRED)
        for home, allowed in homes
    )


def _is_in(home: str, places: Sequence[str]) -> bool:
    return any(f'{home}.'.startswith((f'{x}.', f'{x}:')) for x in places)


def _find(kind: str, part: str) -> Tuple[Any, ...]:
    """Find what registries of one kind, of all packages, call so."""
    found = []
    for package in (own_registry, host_registry, root_registry):
        registry = getattr(package, kind, None)
        if registry is not None:
            registry.import_from_location()
            if part in registry.module_dict:
                found.append(registry.module_dict[part])
    return tuple(found)
