"""Tables of the benchmark from the published runs."""

from pathlib import Path
from typing import Dict

from mmwsml.benchmark.collect import collect_rows
from mmwsml.benchmark.presets import plan_settings
from mmwsml.benchmark.run_table import RunKey
from mmwsml.benchmark.tables import group_table, varied_table


class Comparison:
    """Makes the table of a preset on a data set.

    Args:
        configs (Path): The folder with a folder for each method.
        runs (dict): (name, seed) -> result, as published.
    """

    def __init__(self, configs: Path, runs: Dict[RunKey, dict]) -> None:
        self.configs = configs
        self.runs = runs

    def make_table(self, name: str) -> str:
        """Make the table that a page asks for.

        Args:
            name (str): ``preset/dataset``.

        Returns:
            str: Markdown; the test mAP alone where something is varied.

        Raises:
            ValueError: If the preset is unknown, or no run is of it.
        """
        preset, _, dataset = name.partition('/')
        settings = {
            setting.folder: setting
            for setting in plan_settings(preset, self.configs)
            if setting.leaf.dataset == dataset
        }
        results = {
            (settings[run], seed): result
            for (run, seed), result in self.runs.items()
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
