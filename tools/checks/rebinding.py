"""Faults in what a module, a class or a function was given when loaded."""

import ast
import sys
from types import FunctionType, ModuleType
from typing import Any, Optional, Sequence

from mutations import Mutant


class Rebinding:
    """Brings a fault that is in no code of a function into a loaded module.

    Args:
        mutant (Mutant): The fault.
        file (str): Its file, as it was loaded.
        functions (Sequence[FunctionType]): Of the file.
    """

    def __init__(
        self, mutant: Mutant, file: str, functions: Sequence[FunctionType]
    ) -> None:
        nodes = list(mutant.nodes(file))
        statements = [node for node in nodes if isinstance(node, ast.stmt)]
        self.statement = statements[-1]
        self.module = sys.modules[mutant.module]
        #: Whose default values have the fault.
        self.function = _find_function(functions, self.statement)
        #: The module or class that the statement gives a value.
        self.owner: Any = None
        if isinstance(self.statement, (ast.Assign, ast.AnnAssign)):
            self.owner = _find_owner(self.module, mutant.function)

    @property
    def is_possible(self) -> bool:
        """Whether the fault is of such a kind."""
        return self.function is not None or self.owner is not None

    def apply(self) -> None:
        """Set the default values, or what the statement assigns."""
        if self.function is not None:
            arguments = self.statement.args
            self.function.__defaults__ = tuple(
                self._evaluate(value) for value in arguments.defaults
            )
        else:
            values: dict = {}
            tree = ast.Module([self.statement], [])
            code = compile(tree, '<fault>', 'exec')
            exec(code, vars(self.module), values)
            for name, value in values.items():
                setattr(self.owner, name, value)

    def _evaluate(self, value: ast.expr) -> object:
        code = compile(ast.Expression(value), '<fault>', 'eval')
        return eval(code, vars(self.module))


def _find_function(
    functions: Sequence[FunctionType], statement: ast.stmt
) -> Optional[FunctionType]:
    """Find the function that a statement defines."""
    if not isinstance(statement, ast.FunctionDef):
        return None
    # The line of a decorator, if there is one, is the first.
    lines = [node.lineno for node in (statement, *statement.decorator_list)]
    named = (statement.name, min(lines))
    for function in functions:
        code = function.__code__
        if (code.co_name, code.co_firstlineno) == named:
            return function
    return None


def _find_owner(module: ModuleType, scope: str) -> Any:
    """Find a class by its name in a module; the module, without a name."""
    owner: Any = module
    for name in filter(None, scope.split('.')):
        owner = vars(owner).get(name)
        if not isinstance(owner, type):
            return None  # within a function
    return owner
