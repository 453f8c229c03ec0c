"""Backbones, heads, losses and label stores."""

# The names of each room, so that a registry finds all of them here.
from .backbones import *  # noqa: F403
from .heads import *  # noqa: F403
from .label_stores import *  # noqa: F403
from .losses import *  # noqa: F403
from .selections import *  # noqa: F403
