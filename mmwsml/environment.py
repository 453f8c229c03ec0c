"""Check that exactly one family of the OpenMMLab packages is installed.

Two families provide the import names ``mmengine``, ``mmcv`` and
``mmpretrain``. Installed over each other they overwrite files silently, so
the check comes before the first import of either.
"""

from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec

#: Import name -> the distributions that provide it.
PROVIDERS = {
    'mmengine': ('onedl-mmengine', 'mmengine', 'mmengine-lite'),
    'mmcv': ('onedl-mmcv', 'mmcv', 'mmcv-lite'),
    'mmpretrain': ('onedl-mmpretrain', 'mmpretrain'),
}


def check_environment() -> None:
    """Refuse an environment without, or with two, of the mm packages.

    Raises:
        ImportError: If an import name has no or several installed providers;
            the message names what to install or to remove.
    """
    for name, providers in PROVIDERS.items():
        installed = [dist for dist in providers if _is_installed(dist)]
        if len(installed) > 1:
            raise ImportError(
                f'{" and ".join(installed)} are installed over each other, '
                f'both as `{name}`: remove the mm packages with `pip '
                f'uninstall -y {" ".join(sum(PROVIDERS.values(), ()))}`, then '
                "install one family with `pip install 'mmwsml[onedl]'` or "
                "`pip install 'mmwsml[openmmlab]'`."
            )
        if find_spec(name) is None:
            raise ImportError(
                f'mmwsml needs `{name}`, which is not installed: install the '
                "mm packages with `pip install 'mmwsml[onedl]'`."
            )


def _is_installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True
