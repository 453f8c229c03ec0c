"""Draws the picture of the README from a fit of the demo data.

``python docs/site/what_happens.py digits/fit docs/results/what-happens.png``,
where ``digits/fit`` is made by the first command of the README.
"""

import sys
from pathlib import Path
from typing import Dict, List

import cv2
import matplotlib
from matplotlib.axes import Axes

from mmwsml.recipe.fitted_folder import FittedFolder
from mmwsml.recipe.review import image_paths
from mmwsml.recipe.verdict.evidence import Evidence
from mmwsml.recipe.verdict.facts import collect_facts
from mmwsml.recipe.verdict.missing_labels import find_missing

matplotlib.use('Agg')
from matplotlib import pyplot as plt

NUM, EVEN = 4, 0.5
GIVEN, FOUND, DARK = '#1d6fb8', '#b8500f', '#333333'


def draw(path: str, out: str) -> None:
    """Draw the first images of the list, one for each given class."""
    folder = FittedFolder(path)
    facts = collect_facts(folder)
    missing = find_missing(Evidence(facts))
    part, paths = facts.splits['train'], image_paths(folder, 'train')
    found: Dict[int, List[str]] = {}
    for n, k, chance in zip(missing.rows, missing.classes, missing.chances):
        if chance >= EVEN:
            found.setdefault(int(n), []).append(facts.classes[k])
    chosen: Dict[int, int] = {}  # given class -> image
    for n in sorted(found, key=lambda n: -len(found[n])):
        chosen.setdefault(int(part.positive[n].argmax()), n)
    figure, axes = plt.subplots(1, NUM, figsize=(8.4, 2.7), dpi=100)
    for axis, (given, n) in zip(axes, list(chosen.items())[:NUM]):
        axis.imshow(cv2.imread(paths[n]), interpolation='nearest')
        _write(axis, facts.classes[given], found[n])
    figure.subplots_adjust(0.01, 0.2, 0.99, 0.99, 0.05)
    figure.savefig(out, metadata=dict(Software=None))


def _write(axis: Axes, given: str, found: List[str]) -> None:
    axis.set_axis_off()
    lines = [('given: ', given, GIVEN), ('found: ', ', '.join(found), FOUND)]
    for row, (word, names, colour) in enumerate(lines):
        where = dict(y=-0.12 - 0.15 * row, transform=axis.transAxes)
        axis.text(0, s=word, color=DARK, fontsize=9, **where)
        axis.text(0.23, s=names, color=colour, fontsize=9, **where)


if __name__ == '__main__':
    draw(sys.argv[1], sys.argv[2])
    size = Path(sys.argv[2]).stat().st_size
    print(f'{sys.argv[2]}: {size:,} bytes')
