"""What a person asks of ``mmwsml fit``."""

import os
from dataclasses import dataclass, field, fields
from typing import Any, Dict, Optional

from mmwsml.label_files.read_options import ReadOptions
from mmwsml.structures.checks import check_integer, check_number

#: In the place of a file of weights: none, a network from nothing.
NO_WEIGHTS = 'none'
#: In the place of a column of groups: each image for itself.
NO_GROUPS = 'none'


@dataclass(frozen=True)
class Request:
    """The arguments of :func:`mmwsml.fit`, which explains them."""

    labels: str
    images: str
    out: str
    val: Optional[str] = None
    test: Optional[str] = None
    read: ReadOptions = field(default_factory=ReadOptions)
    held_out_rest: Optional[str] = None
    skip_bad: bool = False
    backbone: Optional[str] = None
    weights: Optional[str] = None
    size: Optional[int] = None
    budget: float = 0
    method: Optional[str] = None
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse numbers out of range.

        Raises:
            TypeError: If the budget is no number.
            ValueError: If a number is out of range.
        """
        check_number('budget', self.budget, 0)
        check_integer('seed', self.seed, 0)
        if self.size is not None:
            check_integer('size', self.size, 8)

    @property
    def groups(self) -> Optional[str]:
        """Column of the groups; None: nobody has named one."""
        return None if self.is_ungrouped else self.read.group

    @property
    def is_ungrouped(self) -> bool:
        """Whether each image stands for itself."""
        return self.read.group == NO_GROUPS

    def identity(self) -> Dict[str, Any]:
        """Say what must be the same for a fit to go on, as JSON has it."""
        values = {x.name: getattr(self, x.name) for x in fields(self)}
        # With another budget or method the same folder goes on.
        for name in ('out', 'budget', 'method'):
            del values[name]
        read = vars(values.pop('read'))
        values.update(
            (name, value) for name, value in read.items() if value is not None
        )
        for name in ('labels', 'images', 'val', 'test'):
            path = values[name]
            values[name] = path and os.path.abspath(path)
        if self.weights not in (None, NO_WEIGHTS):
            values['weights'] = os.path.abspath(self.weights)
        return values
