"""What a run gains over the first one, class by class."""

from typing import Optional

from mmwsml.analysis.insights import ClassGains, NotRecordedError, class_gains

from ..data_table import Column, DataTable, finite
from ..markup import Markup
from ..parts import figure_part
from ..run import Run


def write_class_gains(run: Run, base: Optional[Run]) -> Markup:
    """Draw the gains on the first split that both runs were evaluated on."""
    if base is None:
        raise NotRecordedError(
            'There is one run here: name a second one after it to see what '
            'that gains in each class.'
        )
    if base is run:
        raise NotRecordedError('The other runs are compared with this one.')
    splits = [split for split in run.predictions if split in base.predictions]
    if not splits:
        raise NotRecordedError(
            'The runs were not evaluated on one split: run the report with '
            '`--evaluate test`.'
        )
    first, second = run.predictions[splits[0]], base.predictions[splits[0]]
    gains = class_gains(first, second)
    caption = (
        f'Average precision on {splits[0]} of {run.name} minus that of '
        f'{base.name}, in points of percent; green: gained. On average '
        f'{gains.summary}; ± is what another sample of images would change.'
    )
    name = f'Gains of {run.name} over {base.name}'
    table = DataTable(
        f'{run.identity}-gain-table',
        name,
        (
            Column('class', filter='text'),
            Column('positives', 'number'),
            *(
                Column(f'{title}, %', 'number', digits=1)
                for title in (f'AP of {run.name}', f'AP of {base.name}')
            ),
            Column('gain', 'number', 'least', digits=1),
            Column('±', 'number', digits=1),
        ),
        [_row(gains, k) for k in gains.order()],
        f'{run.name}-gains.csv',
    )
    return figure_part(gains.figure(), name, caption) + table.write()


def _row(gains: ClassGains, k: int) -> tuple:
    columns = gains.first, gains.second, gains.gain, gains.deviation
    percents = [finite(100 * column[k]) for column in columns]
    return gains.classes[k], int(gains.positives[k]), *percents
