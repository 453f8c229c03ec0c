"""The configs that the package carries, found by name."""

import difflib
from pathlib import Path

HERE = Path(__file__).parent
#: Of an installed package, and of a checkout that is imported as it lies.
PLACES = HERE / '.mim', HERE.parent


def config_path(name: str) -> str:
    """Tell where a shipped config lies, to train it or to inherit from it.

    Args:
        name (str): Of the file, without ``.py``, as in docs/model-zoo.md, or
            of a base below ``_base_``, such as ``'_base_/datasets/coco18'``.

    Returns:
        str: An absolute path.

    Raises:
        ValueError: If there is none of that name.
    """
    root = _root() / 'configs'
    pattern = f'{name}.py' if name.startswith('_base_/') else f'*/{name}.py'
    for path in root.glob(pattern):
        return str(path)
    names = [path.stem for path in root.glob('[!_]*/*.py')]
    close = difflib.get_close_matches(name, names, n=3, cutoff=0)
    raise ValueError(
        f'No config is called {name!r:.200}; there are {len(names)}, such as '
        f'{", ".join(close)}: docs/model-zoo.md has them all.'
    )


def register_models() -> None:
    """Let ``mmpretrain.list_models`` and ``get_model`` know the configs."""
    from mmpretrain.apis.model import ModelHub

    root = _root()
    ModelHub.register_model_index(root / 'model-index.yml', root)


def _root() -> Path:
    return next(x for x in PLACES if (x / 'model-index.yml').exists())
