"""The form of metafile.yml, in which tools of OpenMMLab read models."""

from pathlib import Path
from typing import Any

import yaml


class _Title(str):
    """A text that is written in quotes."""


class _Numbers(list):
    """A list that is written in one line."""


class _Dumper(yaml.SafeDumper):
    """Writes lists below a key indented."""

    def increase_indent(
        self, flow: bool = False, indentless: bool = False
    ) -> None:
        """Indent, whatever the kind of the block."""
        super().increase_indent(flow, indentless=False)


_Dumper.add_representer(
    _Title,
    lambda dumper, text: dumper.represent_scalar(
        'tag:yaml.org,2002:str', str(text), style='"'
    ),
)
_Dumper.add_representer(
    _Numbers,
    lambda dumper, numbers: dumper.represent_sequence(
        'tag:yaml.org,2002:seq', numbers, flow_style=True
    ),
)


def read_metafile(path: Path) -> dict:
    """Read the metafile of a method.

    Args:
        path (Path): The metafile.

    Returns:
        dict: ``Collections``, a list of one, and ``Models``.

    Raises:
        ValueError: If it has another form.
    """
    if not path.is_file():
        raise ValueError(
            f'{path} must say which paper its configs belong to, but it does '
            'not exist; write its `Collections` as the other methods do.'
        )
    content = yaml.safe_load(path.read_text(encoding='utf-8'))
    collections = (content or {}).get('Collections')
    if not isinstance(collections, list) or len(collections) != 1:
        raise ValueError(
            f'{path} must have one entry in `Collections`, but has '
            f'{collections!r}; write one, as the other methods do.'
        )
    content.setdefault('Models', [])
    return content


def dump_metafile(content: dict) -> str:
    """Write a metafile, the same for the same content.

    Args:
        content (dict): Name of a part -> list of its entries.

    Returns:
        str: YAML; a blank line between the parts.
    """
    parts = [_dump({key: content[key]}) for key in content]
    return '\n'.join(parts)


def dump_index(paths: list) -> str:
    """Write model-index.yml, which names the metafiles."""
    return _dump({'Import': paths})


def _dump(content: dict) -> str:
    return yaml.dump(
        _style(content),
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=1000,
    )


def _style(value: Any, key: str = '') -> Any:
    """Mark titles and lists of numbers, for how they are written."""
    if isinstance(value, dict):
        return {name: _style(item, name) for name, item in value.items()}
    if isinstance(value, list):
        if all(isinstance(item, (int, float)) for item in value):
            return _Numbers(value)
        return [_style(item) for item in value]
    return _Title(value) if key == 'Title' else value
