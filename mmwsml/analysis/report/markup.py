"""HTML from templates: what was text stays text."""

import base64
from pathlib import Path

import jinja2
from markupsafe import Markup

TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).with_name('templates')),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)
#: What JSON in a page is written with; the signs of markup are escaped.
TEMPLATES.policies['json.dumps_kwargs'] = dict(
    allow_nan=False, ensure_ascii=False, separators=(',', ':')
)


def render(template: str, **values: object) -> Markup:
    """Fill a template.

    Args:
        template (str): Its name in ``templates``, without ``.html``.
        **values (object): What it names; texts are escaped, and
            :class:`Markup` stays as it is.
    """
    return Markup(TEMPLATES.get_template(f'{template}.html').render(values))


def data_uri(content: bytes, kind: str) -> str:
    """Write a file as an address that holds it.

    Args:
        content (bytes): The file.
        kind (str): Its media type.
    """
    return f'data:{kind};base64,{base64.b64encode(content).decode()}'
