"""What a command of ``mmwsml`` is."""

from argparse import ArgumentParser, Namespace
from typing import Callable, NamedTuple


class Command(NamedTuple):
    """One word after ``mmwsml``, and what it does.

    A module of this folder has one; ``COMMANDS`` lists them.
    """

    name: str
    #: A line for the list of commands, and the beginning of its own help.
    description: str
    #: Gives the parser what the command takes.
    add_arguments: Callable[[ArgumentParser], None]
    #: Does it; raises what it refuses.
    run: Callable[[Namespace], None]
