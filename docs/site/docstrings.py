"""Docstrings in Markdown: the few forms of Sphinx that ours use."""

import re
from typing import Any, Dict, List, Optional

from griffe import Docstring, Extension, Module, Object

#: ``:class:`~a.Name```
ROLE = re.compile(r':[a-z]+:`~?([\w.]+)`')
#: ```text <https://...>`_``
LINK = re.compile(r'`([^`<]+?)\s+<(https?://[^>]+)>`_+')
#: What introduces an indented block.
BLOCK = re.compile(r'::$', re.MULTILINE)


class MarkdownDocstrings(Extension):
    """Turn roles into links, links into Markdown's, ``::`` into ``:``.

    What stands after ``#:`` above an attribute becomes its docstring.
    """

    def on_package(self, *, pkg: Module, **kwargs: Any) -> None:
        """Change the docstrings of a package that was read."""
        objects = list(_walk(pkg))
        paths: Dict[str, List[str]] = {}
        for part in objects:
            paths.setdefault(part.name, []).append(part.path)

        def link(match: 're.Match[str]') -> str:
            name = match[1]
            found = paths.get(name.rpartition('.')[2], [])
            code = f'<code>{name}</code>'
            if len(found) != 1:
                return code  # of another package, or of several classes
            return (
                f'<autoref optional identifier="{found[0]}">{code}</autoref>'
            )

        for part in objects:
            if part.is_attribute and part.docstring is None:
                part.docstring = _read_comment(part)
            if part.docstring is not None:
                _rewrite(part.docstring, link)


def _walk(part: Object) -> List[Object]:
    own = [x for x in part.members.values() if not x.is_alias]
    return [part, *(y for x in own for y in _walk(x))]


def _read_comment(part: Object) -> Optional[Docstring]:
    """Read the lines above an attribute that begin with ``#:``."""
    lines = part.lines_collection[part.filepath]
    text: List[str] = []
    for line in reversed(lines[: part.lineno - 1]):
        if not line.lstrip().startswith('#:'):
            break
        text.insert(0, line.partition('#:')[2].strip())
    return Docstring('\n'.join(text), parent=part) if text else None


def _rewrite(docstring: Docstring, link: Any) -> None:
    text = LINK.sub(r'[\1](\2)', docstring.value)
    docstring.value = BLOCK.sub(':', ROLE.sub(link, text))
