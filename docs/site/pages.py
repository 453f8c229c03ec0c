"""The site's files: those of the repository where they lie, and a reference.

A link that works on a checkout works on the site, since both have one layout.
"""

import logging
import re
from pathlib import Path
from typing import Iterator, Set

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[2]
#: What pages link to.
KEPT = (
    '*.md',
    'CITATION.cff',
    'LICENSE',
    'configs/**/*.py',
    'demo/*.ipynb',
    'docs/*.md',
    'docs/results/*',
    'docs/site/*.css',
)
#: Where the reference lies; its page of a package names it by its path.
REFERENCE = 'reference/'
#: Forms of Sphinx that docstrings.py has not turned into Markdown.
LEFT = re.compile(r':[a-z]+:<code|</code>_')
LOG = logging.getLogger('mkdocs.site')  # its warnings end a strict build


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Put the files of the repository in the place of those in docs/."""
    for file in list(files):
        if file.src_dir == config.docs_dir:  # others are the theme's
            files.remove(file)
    for pattern in KEPT:
        for path in sorted(ROOT.glob(pattern)):
            name = path.relative_to(ROOT).as_posix()
            place = config.site_dir, config.use_directory_urls
            files.append(File(name, str(ROOT), *place))
    names = set(_iter_reference(config.nav))
    for name in sorted(names):
        text = _describe_package(name, names)
        files.append(File.generated(config, name, content=text))
    return files


def on_page_content(html: str, page: Page, **kwargs: object) -> None:
    """Warn of a docstring whose form a reader would see."""
    if page.url.startswith(REFERENCE):
        for found in set(LEFT.findall(html)):
            LOG.warning('%s: shows %r; write Markdown.', page.url, found)


def _iter_reference(nav: object) -> Iterator[str]:
    """Find the pages of the reference in the navigation."""
    if isinstance(nav, dict):
        nav = list(nav.values())
    if isinstance(nav, list):
        for part in nav:
            yield from _iter_reference(part)
    elif isinstance(nav, str) and nav.startswith(REFERENCE):
        yield nav


def _describe_package(name: str, names: Set[str]) -> str:
    """Write the page of a package: it, and each module that no other has."""
    package = Path(name[len(REFERENCE) :]).with_suffix('')
    text = [f'# {package.as_posix()}', f'::: {_dotted(package)}']
    text += ['    options:', '      members: false']
    text += ['      show_root_heading: false']
    text += ['      show_root_toc_entry: false', '']
    for path in sorted((ROOT / package).rglob('*.py')):
        module = path.relative_to(ROOT).with_suffix('')
        pages = {f'{REFERENCE}{p.as_posix()}.md' for p in module.parents}
        if module.stem != '__init__' and max(names & pages, key=len) == name:
            text += [f'::: {_dotted(module)}', '']
    return '\n'.join(text)


def _dotted(path: Path) -> str:
    return '.'.join(path.parts)
