"""Random states that are functions of what they are for."""

import random

import numpy as np
import torch

from mmwsml.registry import FUNCTIONS
from mmwsml.structures import hash64


def set_seed(*what: object) -> None:
    """Seed Python, NumPy and torch of this process.

    Args:
        *what (object): The same things, the same random numbers.
    """
    _seed(hash64('/'.join(map(str, what))) % 2**32)


@FUNCTIONS.register_module()
def seed_worker(worker_id: int) -> None:
    """Seed Python, NumPy and torch in a worker of a data loader.

    Torch's seed there comes from the main process and the worker's number; the
    others take it over.

    Args:
        worker_id (int): Number of the worker; torch's seed holds it already.
    """
    _seed(torch.initial_seed() % 2**32)


def _seed(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
