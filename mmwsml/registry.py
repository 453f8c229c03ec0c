"""Registries of MMWSML, each a child of its namesake in MMPretrain.

A config keeps ``default_scope = 'mmpretrain'`` and writes ``mmwsml.X`` for
the parts that live here; the modules are imported on the first look-up.
"""

from mmengine.registry import FUNCTIONS as MMENGINE_FUNCTIONS
from mmengine.registry import Registry
from mmpretrain import registry as host


def _child(parent: Registry, package: str) -> Registry:
    path = [f'mmwsml.{package}']
    return Registry(parent.name, parent=parent, scope='mmwsml', locations=path)


DATASETS = _child(host.DATASETS, 'datasets')
TRANSFORMS = _child(host.TRANSFORMS, 'datasets.transforms')
MODELS = _child(host.MODELS, 'models')
METRICS = _child(host.METRICS, 'evaluation')
DATA_SAMPLERS = _child(host.DATA_SAMPLERS, 'datasets')
HOOKS = _child(host.HOOKS, 'engine')
LOOPS = _child(host.LOOPS, 'engine')
OPTIM_WRAPPERS = _child(host.OPTIM_WRAPPERS, 'engine')
# MMPretrain has no registry of functions (worker seeding, collation).
FUNCTIONS = _child(MMENGINE_FUNCTIONS, 'engine')
