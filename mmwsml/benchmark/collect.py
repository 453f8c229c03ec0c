"""From the results of runs to the rows of a table: pure functions."""

from statistics import mean, stdev
from typing import Dict, List, NamedTuple, Optional, Sequence, Tuple

from mmwsml.benchmark.published import find_published_run
from mmwsml.evaluation.doubtful_choice import is_doubtful

from ..records.run_folder import METRIC
from .estimate import Key
from .settings import Setting


class Spread(NamedTuple):
    """Mean and sample standard deviation over seeds."""

    mean: float
    #: None of a single value.
    std: Optional[float]
    num: int


class Row(NamedTuple):
    """What the seeds of a setting have in common; mAP in percent."""

    setting: Setting
    seeds: Tuple[int, ...]
    #: Test mAP of the epoch that validation selects.
    test: Spread
    #: Validation mAP of that epoch and of the last one.
    best: Spread
    last: Spread
    best_steps: Tuple[int, ...]
    #: Images trained in a second, where the runs tell.
    speed: Optional[Spread]
    #: Share of the gap closed, in percent; None where full or AN is missing.
    gap: Optional[Spread]
    #: Test mAP that a paper printed for this cell; None where none did.
    published: Optional[float]
    #: Classes that the test mAP leaves out.
    left_out: int
    #: Metrics in the place of the mAP where labels are positives alone:
    #: of the test, of the choice of the epoch.
    partial: Tuple[str, ...]
    #: Mean pu_mAP of the epochs that pu_AUC chose; None where it did not.
    rival: Optional[float]
    #: Seeds of which pu_mAP doubts the chosen epoch.
    doubtful: Tuple[int, ...]
    #: What shows that validation labels were chosen, of seeds that have it.
    one_sided: Tuple[float, ...]

    @property
    def difference(self) -> Optional[float]:
        """Return how far the test mAP here is above the printed one."""
        if self.published is None:
            return None
        return self.test.mean - self.published


def spread(values: Sequence[float]) -> Spread:
    """Return mean and sample standard deviation of one value or more."""
    std = stdev(values) if len(values) > 1 else None
    return Spread(mean(values), std, len(values))


def gap_closed(method: float, an: float, full: float) -> Optional[float]:
    """Return the share of the gap between AN and full labels, in percent.

    Args:
        method (float): mAP of a method.
        an (float): mAP of assume negative with the same seed.
        full (float): mAP of full labels with the same seed.

    Returns:
        float | None: 0 for AN, 100 for full labels, outside of both for what
        is worse or better; None where there is no gap.
    """
    if full == an:
        return None
    return 100 * (method - an) / (full - an)


def collect_rows(results: Dict[Key, dict]) -> List[Row]:
    """Average over seeds.

    Args:
        results (dict): (setting, seed) -> the content of its result.json.

    Returns:
        list[Row]: Group by group, the best test mAP first.
    """
    seeds: Dict[Setting, List[int]] = {}
    for setting, seed in results:
        seeds.setdefault(setting, []).append(seed)
    rows = [_collect_row(s, sorted(seeds[s]), results) for s in seeds]
    return [
        row
        for part in split_groups(rows)
        for row in sorted(part, key=lambda row: -row.test.mean)
    ]


def split_groups(rows: Sequence[Row]) -> List[List[Row]]:
    """Take rows of each backbone and data set apart, in their order."""
    groups: Dict[Tuple[str, str], List[Row]] = {}
    for row in rows:
        groups.setdefault(row.setting.group, []).append(row)
    return list(groups.values())


def _collect_row(
    setting: Setting, seeds: Sequence[int], results: Dict[Key, dict]
) -> Row:
    of_seeds = [results[setting, seed] for seed in seeds]
    ends = _find_ends(setting, results)
    gaps = (
        gap_closed(result['test'], *ends[seed])
        for seed, result in zip(seeds, of_seeds)
        if seed in ends
    )
    closed = [gap for gap in gaps if gap is not None]
    speeds = [r['images_per_s'] for r in of_seeds if r.get('images_per_s')]
    return Row(
        setting,
        tuple(seeds),
        spread([result['test'] for result in of_seeds]),
        spread([result['best'] for result in of_seeds]),
        spread([result['last'] for result in of_seeds]),
        tuple(result['best_step'] for result in of_seeds),
        spread(speeds) if speeds else None,
        spread(closed) if closed else None,
        _find_printed(setting),
        max(result.get('left_out', 0) for result in of_seeds),
        measures_of(of_seeds),
        mean(r['rival'] for r in of_seeds)
        if all('rival' in r for r in of_seeds)
        else None,
        tuple(
            seed
            for seed, r in zip(seeds, of_seeds)
            if 'rival' in r and is_doubtful(r['rival'], r['best_rival'])
        ),
        tuple(r['one_sided'] for r in of_seeds if 'one_sided' in r),
    )


def measures_of(results: Sequence[dict]) -> Tuple[str, ...]:
    """Name what is no mAP in results: of the test, of the choice."""
    return tuple(
        f'{what}: {result[key]}'
        for key, what in (('tested_by', 'test'), ('chosen_by', 'validation'))
        for result in results[:1]
        if result.get(key, METRIC) != METRIC
    )


def _find_printed(setting: Setting) -> Optional[float]:
    row = find_published_run(setting.leaf.path.stem)
    return row.score if row and not setting.options else None


def _find_ends(
    setting: Setting, results: Dict[Key, dict]
) -> Dict[int, Tuple[float, float]]:
    """Find the test mAP of AN and of full labels, seed by seed.

    On the same share of the images, where that is varied.
    """
    values: Dict[str, Dict[int, float]] = dict(an={}, full={})
    for (other, seed), result in results.items():
        of_method = values.get(other.leaf.method)
        alike = not other.axis or other[1:3] == setting[1:3]
        if of_method is not None and alike and other.group == setting.group:
            of_method[seed] = result['test']
    an, full = values['an'], values['full']
    return {seed: (an[seed], full[seed]) for seed in an if seed in full}
