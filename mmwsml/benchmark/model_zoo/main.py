"""What the files of the model zoo should hold, and which do not."""

import re
from pathlib import Path
from typing import Callable, Dict, List

from mmwsml.benchmark.collect import collect_rows
from mmwsml.benchmark.presets import plan_settings
from mmwsml.benchmark.run_table import RunKey
from mmwsml.benchmark.settings import config_of
from mmwsml.benchmark.tables import group_table, varied_table
from mmwsml.structures.whole_file import write_whole

from .metafile import dump_index, dump_metafile, read_metafile
from .results import RUNS, measure, read_published_runs
from .rows import complete_models
from .tables import make_table

PAGES = (
    'docs/results.md',
    'docs/model-zoo.md',
    'docs/methods.md',
    'docs/reproduce.md',
)


def plan_files(root: Path) -> Dict[Path, str]:
    """Make the text of each file of the model zoo.

    Args:
        root (Path): The folder of configs/ and docs/.

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
        'runs': lambda name: compare(name, configs, runs),
    }
    for page in PAGES:
        files[root / page] = fill_page(root / page, makers)
    return files


def refresh(root: Path) -> List[Path]:
    """Write each file that is not as it should be.

    Args:
        root (Path): The folder of configs/ and docs/.

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


BLOCK = re.compile(
    r'(?P<begin><!-- (?P<kind>zoo|runs): (?P<name>\S+) -->\n)'
    r'(?:(?!<!-- (?:zoo|runs):).)*?(?P<end><!-- end of (?P=kind) -->)',
    re.DOTALL,
)
MARKER = re.compile('<!-- (?:(?:zoo|runs): .*|end of (?:zoo|runs)) -->')


def fill_page(path: Path, makers: Dict[str, Callable[[str], str]]) -> str:
    """Make the tables of a page anew.

    Args:
        path (Path): Markdown with tables between markers.
        makers (dict): ``zoo`` and ``runs`` -> what makes the table of a name.

    Returns:
        str: Its text, with the tables that belong there.

    Raises:
        ValueError: If a marker lacks its other half, or no table is of its
            name.
    """
    text = path.read_text(encoding='utf-8')
    if len(MARKER.findall(text)) != 2 * len(BLOCK.findall(text)):
        raise ValueError(
            f'{path}: each <!-- zoo: NAME --> needs an <!-- end of zoo --> '
            'before the next one, and each <!-- runs: NAME --> an <!-- end of '
            'runs -->, but one is missing; write it.'
        )

    def fill(block: re.Match) -> str:
        table = makers[block['kind']](block['name'])
        return f'{block["begin"]}{table}{block["end"]}'

    return BLOCK.sub(fill, text)


def compare(name: str, configs: Path, runs: Dict[RunKey, dict]) -> str:
    """Make the table of a preset on a data set that a page asks for.

    Args:
        name (str): ``preset/dataset``.
        configs (Path): The folder with a folder for each method.
        runs (dict): (name, seed) -> result, as published.

    Returns:
        str: Markdown; the test mAP alone where something is varied.

    Raises:
        ValueError: If the preset is unknown, or no run is of it.
    """
    preset, _, dataset = name.partition('/')
    settings = {
        setting.folder: setting
        for setting in plan_settings(preset, configs)
        if setting.leaf.dataset == dataset
    }
    results = {
        (settings[run], seed): result
        for (run, seed), result in runs.items()
        if run in settings
    }
    if not results:
        raise ValueError(
            'A table must be named after a preset and a data set that has '
            f'published runs, preset/dataset, but got {name!r}.'
        )
    rows = collect_rows(results)
    varied = any(row.setting.axis for row in rows)
    return varied_table(rows) if varied else group_table(rows)
