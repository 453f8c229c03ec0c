"""Tables of models in Markdown."""

from functools import partial
from typing import Callable, Dict, NamedTuple, Sequence

from mmwsml.analysis.insights.table import write_markdown
from mmwsml.benchmark.config_names import ConfigName, read_name
from mmwsml.benchmark.published import GROUPS, read_published

PAPER = ('full', 'an', 'll-r', 'll-ct', 'll-cp')
NOT_RUN = 'not run here'


class Row(NamedTuple):
    """A model of a metafile."""

    parts: ConfigName
    model: dict

    def measured(self, name: str) -> str:
        """Write a metric with its deviation; nothing if it is not there."""
        results = self.model.get('Results')
        metrics = results[0]['Metrics'] if results else {}
        if name not in metrics:
            return ''
        std = metrics.get(f'{name} std')
        return f'{metrics[name]:.1f}' + (
            '' if std is None else f' ± {std:.1f}'
        )

    def made(self, name: str) -> str:
        """Write how the measured results were made."""
        return self.model['Metadata'].get(name, '')

    def published(self, name: str) -> str:
        """Write a part of what was published."""
        return str(self.model.get('Published', {}).get(name, ''))

    def group(self, index: int) -> str:
        """Write the published mAP of a group of classes."""
        groups = self.model.get('Published', {}).get('Groups')
        return str(groups[index]) if groups else ''

    @property
    def training(self) -> str:
        """Say which part of the network trains."""
        if self.parts.linear_init:
            return 'LinearInit'
        if self.parts.backbone.endswith('-features'):
            return 'head alone'
        return 'end to end'


#: Head -> cell of a row. A column without any cell is left out.
Columns = Dict[str, Callable[[Row], str]]


def _test(row: Row) -> str:
    return row.measured('mAP') or NOT_RUN


METHOD: Columns = {'method': lambda row: row.model['In Collection']}
SEEDS: Columns = {'seeds': lambda row: row.made('Training Seeds')}
SHORT: Columns = {
    **METHOD,
    **SEEDS,
    'best epochs': lambda row: row.made('Best Epochs'),
    'test, best epoch': _test,
    'validation, best epoch': lambda row: row.measured('Validation mAP'),
    'validation, last epoch': lambda row: row.measured('Last Validation mAP'),
}
LONG: Columns = {
    **METHOD,
    'backbone': lambda row: row.parts.backbone,
    'trained': lambda row: row.training,
    'labels': lambda row: row.parts.labels,
    **SEEDS,
    '**measured here**': _test,
    'published': lambda row: row.published('mAP'),
    **{
        f'published, {name}': partial(Row.group, index=index)
        for index, name in enumerate(GROUPS)
    },
    'published in': lambda row: row.published('Source'),
    'config': lambda row: f'[config](../{row.model["Config"]})',
}


def make_table(name: str, models: Sequence[dict]) -> str:
    """Make the table that a page asks for.

    Args:
        name (str): A data set: all its configs. ``dataset/backbone``: those of
            the paper's methods, without LinearInit.
        models (Sequence[dict]): All models of the metafiles.

    Returns:
        str: Markdown.

    Raises:
        ValueError: If no config is of that name.
    """
    dataset, _, backbone = name.partition('/')
    rows = [Row(read_name(model['Name']), model) for model in models]
    rows = [row for row in rows if row.parts.dataset == dataset]
    if backbone:
        rows = [
            row
            for row in rows
            if row.parts.backbone == backbone
            and row.parts.method in PAPER
            and not row.parts.linear_init
        ]
    if not rows:
        raise ValueError(
            f'A table must be named after a data set or dataset/backbone in '
            f'the names of configs, but got {name!r}.'
        )
    return _write(sorted(rows, key=_order), SHORT if backbone else LONG)


def _order(row: Row) -> tuple:
    """Sort by kind of training, then as published, then by name."""
    published = list(dict.fromkeys(r.method for r in read_published()))
    method = row.parts.method
    known = published.index(method) if method in published else len(published)
    kind = (row.parts.backbone, row.parts.linear_init)
    return (*kind, known, row.model['Name'])


def _write(rows: Sequence[Row], columns: Columns) -> str:
    cells = {
        head: [cell(row) for row in rows] for head, cell in columns.items()
    }
    cells = {head: column for head, column in cells.items() if any(column)}
    return write_markdown(list(cells), zip(*cells.values()))
