"""Small faults that can be put into a source, one at a time."""

import ast
import copy
from dataclasses import dataclass
from types import CodeType
from typing import Iterator, List, NamedTuple, Optional, Tuple

from faults import list_faults

#: The steps from a tree to a node: a field, and the place in its list.
Path = Tuple[Tuple[str, Optional[int]], ...]

#: Left as they are: what only names, and the messages of errors.
SKIPPED = (ast.Raise, ast.JoinedStr, ast.Import, ast.ImportFrom)
SKIPPED_FIELDS = ('annotation', 'returns', 'decorator_list')
SCOPES = (ast.FunctionDef, ast.ClassDef)


class _Place(NamedTuple):
    """Where a node stands."""

    scopes: Tuple[str, ...] = ()
    statement: Optional[ast.stmt] = None
    path: Path = ()  # to the statement
    in_branch: bool = False


@dataclass(frozen=True)
class Mutant:
    """One fault: the node at ``path`` in the tree of a file is another.

    The file, the function and the statement before and after name it in a
    way that outlives changes elsewhere in the file.
    """

    file: str
    function: str
    before: str
    after: str
    line: int
    path: Path
    node: ast.AST

    @property
    def key(self) -> Tuple[str, str, str, str]:
        """What a list of mutants names it by."""
        return self.file, self.function, self.before, self.after

    @property
    def module(self) -> str:
        """The name that the file is imported by."""
        names = self.file[: -len('.py')].split('/')
        return '.'.join(names[:-1] if names[-1] == '__init__' else names)

    def compile(self, file: str) -> CodeType:
        """Compile the file, found at some path, with the fault in it."""
        return compile(self.parse(file), file, 'exec', dont_inherit=True)

    def parse(self, file: str) -> ast.Module:
        """Parse the file, found at some path, with the fault in it."""
        with open(file, encoding='utf-8') as stream:
            tree = _replace(ast.parse(stream.read()), self.path, self.node)
        return ast.fix_missing_locations(tree)

    def nodes(self, file: str) -> Iterator[ast.AST]:
        """Go down from the parsed file to the fault."""
        node: ast.AST = self.parse(file)
        for field, index in self.path:
            yield node
            value = getattr(node, field)
            node = value if index is None else value[index]
        yield node

    def __str__(self) -> str:
        where = f'{self.file}:{self.line} {self.function}'.rstrip()
        return f'{where}\n- {self.before}\n+ {self.after}'


def list_mutants(file: str, source: str) -> List[Mutant]:
    """List the faults that a source can be given.

    Args:
        file (str): What the mutants call it.
        source (str): Of a module.
    """
    mutants = []
    for node, path, place in _walk(ast.parse(source), (), _Place()):
        for other in list_faults(node, place.in_branch):
            inner = path[len(place.path) :]
            changed = _replace(place.statement, inner, other)
            mutant = Mutant(
                file,
                '.'.join(place.scopes),
                _header(place.statement),
                _header(changed),
                node.lineno,
                path,
                ast.copy_location(other, node),
            )
            mutants.append(mutant)
    return mutants


def _walk(
    node: ast.AST, path: Path, place: _Place
) -> Iterator[Tuple[ast.AST, Path, _Place]]:
    """Go through the nodes that may be changed."""
    if isinstance(node, ast.stmt):
        place = place._replace(statement=node, path=path)
    yield node, path, place
    if isinstance(node, SCOPES):
        scopes = (*place.scopes, node.name)
        place = place._replace(scopes=scopes, in_branch=False)
    elif isinstance(node, ast.If):
        place = place._replace(in_branch=True)
    for field, value in ast.iter_fields(node):
        if field in SKIPPED_FIELDS:
            continue
        is_list = isinstance(value, list)
        for index, child in enumerate(value if is_list else [value]):
            if isinstance(child, ast.AST) and not isinstance(child, SKIPPED):
                step = field, index if is_list else None
                yield from _walk(child, (*path, step), place)


def _replace(tree: ast.AST, path: Path, node: ast.AST) -> ast.AST:
    """Return a tree with another node at the end of a path."""
    if not path:
        return node
    (field, index), *rest = path
    tree = copy.copy(tree)
    value = getattr(tree, field)
    if index is None:
        setattr(tree, field, _replace(value, rest, node))
    else:
        value = list(value)
        value[index] = _replace(value[index], rest, node)
        setattr(tree, field, value)
    return tree


def _header(statement: ast.stmt) -> str:
    """Write a statement in one line, without the block in it."""
    if isinstance(statement, ast.FunctionDef):
        arguments = ast.unparse(statement.args)
        return f'def {statement.name}({arguments})'
    statement = copy.copy(statement)
    for block in ('body', 'orelse', 'handlers', 'finalbody'):
        if hasattr(statement, block):
            setattr(statement, block, [])
    return ast.unparse(statement)
