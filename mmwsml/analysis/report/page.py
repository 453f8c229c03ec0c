"""Opening the runs, and putting the page together."""

import base64
import hashlib
from datetime import datetime
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Tuple

from mmwsml.analysis.insights import NotRecordedError
from mmwsml.analysis.report_options import ReportOptions
from mmwsml.records import check_same_classes
from mmwsml.structures.whole_file import write_whole
from mmwsml.version import __version__

from .comparison import write_comparison
from .markup import Markup, render
from .parts import note
from .run import Run
from .sections import SECTIONS

ABOUT = 'Report of mmwsml'
NOTHING = Markup('')


def write_report(
    folders: Sequence[str],
    out: Optional[str] = None,
    options: Optional[ReportOptions] = None,
) -> Path:
    """Write a report of one or more runs.

    Args:
        folders (Sequence[str]): Work dirs of the runs; the first is what the
            others are compared with.
        out (str, optional): The page. Defaults to None,
            ``report/report.html`` in the first run.
        options (ReportOptions, optional): Defaults to None, its defaults.

    Returns:
        Path: The page.

    Raises:
        FileExistsError: If ``out`` is there and is no report.
        FileNotFoundError: If a folder is none of a run.
        ValueError: If the runs differ in their classes, or an option is out
            of its range.
    """
    options = options or ReportOptions()
    options.check()
    path = Path(out or Path(folders[0], 'report', 'report.html'))
    refuse_other(path)
    runs = open_runs(folders, options)
    path.parent.mkdir(parents=True, exist_ok=True)
    # A file name may hold bytes that are no text.
    write_whole(path, make_page(runs).encode('utf-8', 'replace'))
    return path


def refuse_other(path: Path) -> None:
    """Replace no file but an older report, which is made and not written."""
    if path.is_file() and path.stat().st_size:
        if ABOUT.encode() not in path.read_bytes():
            raise FileExistsError(
                f'{path} is there already and is no report; name another file.'
            )


def make_page(
    runs: Sequence[Run], title: Optional[str] = None, lead: Markup = NOTHING
) -> str:
    """Write the page of runs of one class list.

    Args:
        runs (Sequence[Run]): The first is what others are compared with.
        title (str, optional): Defaults to None, the names of the runs and of
            their data.
        lead (Markup): Sections that come first. Defaults to none.
    """
    style, script = (
        Path(__file__).with_name(name).read_text(encoding='utf-8')
        for name in ('report.css', 'report.js')
    )
    base = runs[0] if len(runs) > 1 else None
    when = datetime.now().strftime('%Y-%m-%d %H:%M')
    return render(
        'page',
        policy=_make_policy(style, script),
        title=title or _name_page(runs),
        about=f'{ABOUT} {__version__}, {when}',
        style=Markup(style),
        script=Markup(script),
        lead=lead,
        comparison=write_comparison(runs) if base else '',
        runs=[(run, *_write_sections(run, base)) for run in runs],
    )


def _name_page(runs: Sequence[Run]) -> str:
    names = ' / '.join(run.name for run in runs)
    data = runs[0].data_name
    return f'{names} on {data}' if data else names


def _make_policy(style: str, script: str) -> str:
    """Allow this style, this script, and pictures inside the page."""
    digests = [
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for text in (style, script)
    ]
    return (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digests[0]}'; "
        f"script-src 'sha256-{digests[1]}'; base-uri 'none'; "
        "form-action 'none'"
    )


def _write_sections(
    run: Run, base: Optional[Run]
) -> Tuple[List[dict], Dict[str, Markup]]:
    """Write each section.

    Returns:
        tuple: The sections, and of those that are empty, by the sentence that
        says why, their titles.
    """
    sections: List[dict] = []
    empty: Dict[str, List[str]] = {}
    for name, section in SECTIONS.items():
        if name == 'gains' and base in (None, run):
            continue
        try:
            content = section.write(run, base)
        except NotRecordedError as error:
            empty.setdefault(str(error), []).append(section.title)
            continue
        part = dict(name=name, title=section.title, content=content)
        sections.append(part)
    lines = {', '.join(titles): note(why) for why, titles in empty.items()}
    return sections, lines


def open_runs(folders: Sequence[str], options: ReportOptions) -> List[Run]:
    """Open runs, each under a name of its own.

    Args:
        folders (Sequence[str]): At least one work dir.
        options (ReportOptions): Limits.

    Raises:
        FileNotFoundError: If a folder is none of a run.
        ValueError: If two runs differ in their classes, or are the same.
    """
    paths = [Path(folder).resolve() for folder in folders]
    if len(set(paths)) < len(paths):
        twice = next(path for path in paths if paths.count(path) > 1)
        raise ValueError(f'The run {twice} is named twice: name it once.')
    names = _name_runs(paths)
    runs = [
        Run(path, name, f'run-{number}', options)
        for number, (path, name) in enumerate(zip(paths, names), 1)
    ]
    recorded = [run.records for run in runs if run.has_records]
    if recorded:
        check_same_classes(*recorded)
    for run in runs[1:]:
        _check_classes(runs[0], run)
    return runs


def _name_runs(paths: Sequence[Path]) -> List[str]:
    """Take as many of the last folders as tell the runs apart."""
    for depth in range(1, max(len(path.parts) for path in paths)):
        names = ['/'.join(path.parts[-depth:]) for path in paths]
        if len(set(names)) == len(names):
            break
    return names


def _check_classes(first: Run, other: Run) -> None:
    """Refuse runs whose result files, or records, name other classes.

    Raises:
        ValueError: If they do.
    """
    if first.classes is None or other.classes is None:
        return
    if first.classes != other.classes:
        raise ValueError(
            f'{first.folder} is of {len(first.classes)} classes that are not '
            f'the {len(other.classes)} of {other.folder}: compare runs of '
            'one class list.'
        )
