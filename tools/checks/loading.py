"""Putting a mutant in the place of a file of a package."""

import gc
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, FunctionType
from typing import Dict, Iterable, Iterator, List, Optional, Sequence, Tuple

from mutations import Mutant
from reach import Place, place_of


def functions_of(files: Iterable[str]) -> Dict[str, List[FunctionType]]:
    """List the functions of files that are loaded."""
    found: Dict[str, List[FunctionType]] = {file: [] for file in files}
    for entry in gc.get_objects():
        if isinstance(entry, FunctionType):
            found.get(entry.__code__.co_filename, []).append(entry)
    return found


def changed_codes(
    functions: Sequence[FunctionType], module: CodeType
) -> Dict[Place, CodeType]:
    """Compare functions with what they are in a mutated module.

    Returns:
        dict[Place, CodeType]: The codes that differ; none where a function
        cannot take the code on: without ``super()`` it knows no class.
    """
    codes, changed = dict(_codes_in(module)), {}
    for function in functions:
        old, place = function.__code__, place_of(function.__code__)
        if codes[place] != old:
            changed[place] = codes[place]
            if codes[place].co_freevars != old.co_freevars:
                return {}
    return changed


def recode(
    functions: Sequence[FunctionType], codes: Dict[Place, CodeType]
) -> None:
    """Give functions other codes, wherever they are known by name."""
    for function in functions:
        code = function.__code__
        function.__code__ = codes.get(place_of(code), code)


def _codes_in(code: CodeType) -> Iterator[Tuple[Place, CodeType]]:
    """Go through the functions of a code."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield place_of(constant), constant
            yield from _codes_in(constant)


class MutantFinder:
    """Finds the mutated module before others find the sound one."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(
        self,
        name: str,
        path: Optional[Sequence[str]],
        target: Optional[object] = None,
    ) -> Optional[ModuleSpec]:
        """Find one module, and leave the others to those behind."""
        if name != self.mutant.module:
            return None
        spec = PathFinder.find_spec(name, path)
        spec.loader = _MutantLoader(name, spec.origin)
        spec.loader.mutant = self.mutant
        return spec


class _MutantLoader(SourceFileLoader):
    """Loads a file with a fault in it, past the cache."""

    mutant: Mutant

    def get_code(self, fullname: str) -> CodeType:
        """Compile the file's source with the fault."""
        return self.mutant.compile(self.path)
