"""Whether verdicts are right: on disasters, and on good runs.

Usage: ``python tools/checks/verdicts.py FEATURES ANNOTATIONS``, where
``tools/extract_features.py`` has written FEATURES of the splits train.json,
val.json and test.json in the folder ANNOTATIONS. Features are projected on
256 directions, at random, so that a head takes a tenth of a second. Prints
tables in Markdown.
"""

from pathlib import Path
from typing import List

import numpy as np
from verdict_data import Data, Parts, draw, read, to_facts
from verdict_disasters import DISASTERS, Disaster

from mmwsml.command_line import run_main, tool_parser
from mmwsml.recipe.verdict import Verdict, judge_facts
from mmwsml.recipe.verdict.finding import NOTE
from mmwsml.structures.feature_arrays import FeatureArrays

#: Images of a run, of which a fifth validates, and what is known of them.
SIZES, LABELS = (300, 1200, 4800), ('one', 'tenth', 'all')
DIRECTIONS = 256


def suffer(parts: Parts, what: Disaster, seed: int) -> Verdict:
    """Judge a disaster."""
    rng = np.random.default_rng(seed)
    facts = to_facts(what.spoil(parts, rng))
    return judge_facts(what.spoil_fit(facts, rng))


def is_named(verdict: Verdict, what: Disaster) -> bool:
    """Whether one of the findings names a disaster."""
    found = {finding.about for finding in verdict.findings}
    return not found.isdisjoint(what.expected)


def print_disasters(data: Data, draws: int) -> None:
    """Print how many draws of each disaster were named."""
    sizes = SIZES[:2]
    print('| disaster |' + ''.join(f' {n} images |' for n in sizes))
    print('| --- |' + ' --- |' * len(sizes))
    for what in DISASTERS:
        cells: List[str] = []
        for num in sizes:
            named = [
                is_named(suffer(draw(data, num, how, seed), what, seed), what)
                for how in LABELS[:2]
                for seed in range(draws)
            ]
            cells.append(f'{sum(named)} of {len(named)}')
        print(f'| {what.name} | {" | ".join(cells)} |', flush=True)


def print_good(data: Data, draws: int) -> None:
    """Print what is said of runs in which nothing is wrong."""
    print('| images | known labels | runs | wolf | doubts | what |')
    print('| --- | --- | --- | --- | --- | --- |')
    for num in SIZES:
        for how in LABELS:
            wolf, doubts, said = 0, 0, set()
            for seed in range(draws):
                verdict = judge_facts(to_facts(draw(data, num, how, seed)))
                grave = [x for x in verdict.findings if x.severity != NOTE]
                wolf += verdict.severity == 'broken'
                doubts += bool(grave) and verdict.severity != 'broken'
                said |= {finding.about for finding in grave}
            row = num, how, draws, wolf, doubts, ', '.join(sorted(said))
            print(f'| {" | ".join(map(str, row))} |', flush=True)


def main() -> None:
    """Read features and print the tables."""
    parser = tool_parser('Whether verdicts on fits are right.')
    parser.add_argument('features', help='folder of tools/extract_features.py')
    parser.add_argument('annotations', type=Path, help='folder of the splits')
    parser.add_argument('--namespace', default='coco18')
    parser.add_argument('--draws', type=int, default=3)
    args = parser.parse_args()
    features = FeatureArrays(args.features)
    data = read(features, args.annotations, args.namespace)
    rng = np.random.default_rng(0)
    shape = data.features.shape[1], DIRECTIONS
    if shape[0] > DIRECTIONS:
        onto = rng.normal(0, 1 / DIRECTIONS**0.5, shape)
        rows = (data.features @ onto).astype(np.float32)
        data = data._replace(features=rows)
    print_good(data, args.draws)
    print()
    print_disasters(data, args.draws)


if __name__ == '__main__':
    run_main(main)
