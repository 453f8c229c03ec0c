"""What the files of the model zoo should hold, and which do not."""

from pathlib import Path
from typing import Callable, Dict, List

from mmwsml.benchmark.settings import config_of
from mmwsml.structures.whole_file import write_whole

from .comparison import Comparison
from .metafile import dump_index, dump_metafile, read_metafile
from .pages import fill_page
from .results import RUNS, measure, read_published_runs
from .rows import complete_models
from .tables import make_table

PAGES = (
    'README.md',
    'docs/model-zoo.md',
    'docs/methods.md',
    'docs/reproduce.md',
)


def plan_files(root: Path) -> Dict[Path, str]:
    """Make the text of each file of the model zoo.

    Args:
        root (Path): The folder of configs/, docs/ and README.md.

    Returns:
        dict[Path, str]: Metafiles, model-index.yml and pages.

    Raises:
        ValueError: If a file is missing or has another form, or results are
            of a config that is not there.
    """
    runs = read_published_runs(root)
    measured = measure(runs)
    configs = root / 'configs'
    folders = sorted(p for p in configs.glob('[!_]*') if any(p.glob('*.py')))
    files, models, paths = {}, [], []
    for folder in folders:
        content = read_metafile(folder / 'metafile.yml')
        content['Models'] = complete_models(folder, content, measured)
        files[folder / 'metafile.yml'] = dump_metafile(content)
        models += content['Models']
        paths.append(f'configs/{folder.name}/metafile.yml')
    files[root / 'model-index.yml'] = dump_index(paths)
    used = {config_of(name) for name, _ in runs}
    for name in sorted(used - {model['Name'] for model in models}):
        raise ValueError(
            f'{RUNS} must hold runs of a config in {configs}, but {name} is '
            'not there; remove its lines or add the config.'
        )
    makers: Dict[str, Callable[[str], str]] = {
        'zoo': lambda name: make_table(name, models),
        'runs': Comparison(configs, runs).make_table,
    }
    for page in PAGES:
        files[root / page] = fill_page(root / page, makers)
    return files


def refresh(root: Path) -> List[Path]:
    """Write each file that is not as it should be.

    Args:
        root (Path): The folder of configs/, docs/ and README.md.

    Returns:
        list[Path]: What was written.
    """
    files = plan_files(root)
    stale = _differing(files)
    for path in stale:
        write_whole(path, files[path])
    return stale


def find_stale(root: Path) -> List[Path]:
    """List the files that :func:`refresh` would write."""
    return _differing(plan_files(root))


def _differing(files: Dict[Path, str]) -> List[Path]:
    return [
        path
        for path, text in files.items()
        if not path.exists() or path.read_text(encoding='utf-8') != text
    ]
