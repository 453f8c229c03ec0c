"""What a node of a source's tree can wrongly be."""

import ast
import copy
from typing import Iterator

BOTH_WAYS = {
    ast.Lt: ast.LtE,
    ast.Gt: ast.GtE,
    ast.Eq: ast.NotEq,
    ast.Is: ast.IsNot,
    ast.In: ast.NotIn,
    ast.Add: ast.Sub,
    ast.Mult: ast.Div,
    ast.BitAnd: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.And: ast.Or,
}
ONE_WAY = {ast.BitXor: ast.BitAnd}
ONE_WAY.update(dict.fromkeys([ast.FloorDiv, ast.Mod, ast.Pow], ast.Mult))
BACK = {other: one for one, other in BOTH_WAYS.items()}
SWAPS = {**BOTH_WAYS, **BACK, **ONE_WAY}
NAMES = {'min': 'max', 'max': 'min', 'any': 'all', 'all': 'any'}


def list_faults(node: ast.AST, in_branch: bool) -> Iterator[ast.AST]:
    """List what a node can wrongly be.

    Args:
        node (ast.AST): An expression or a statement.
        in_branch (bool): Whether it stands within an ``if``.
    """
    if isinstance(node, ast.Constant):
        yield from map(ast.Constant, _other_values(node.value))
    elif isinstance(node, ast.Compare):
        for index, operator in enumerate(node.ops):
            ops = list(node.ops)
            ops[index] = SWAPS[type(operator)]()
            yield ast.Compare(node.left, ops, node.comparators)
    elif isinstance(node, (ast.BinOp, ast.BoolOp, ast.AugAssign)):
        yield from _other_operators(node)
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.Call):
        yield from _other_calls(node)
    elif isinstance(node, (ast.If, ast.IfExp, ast.While)):
        # The others have an operator of their own.
        if isinstance(node.test, (ast.Name, ast.Attribute, ast.Call)):
            other = copy.copy(node)
            other.test = ast.UnaryOp(ast.Not(), node.test)
            yield other
    if _can_go(node, in_branch):
        yield ast.Pass()


def _other_values(value: object) -> Iterator[object]:
    """List what a constant can wrongly be."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1)
    elif isinstance(value, float):
        yield from (2 * value, 0.0) if value else (1.0,)


def _other_operators(node: ast.AST) -> Iterator[ast.AST]:
    """List the other operator, if there is one: ``@`` has no like."""
    if type(node.op) in SWAPS:
        other = copy.copy(node)
        other.op = SWAPS[type(node.op)]()
        yield other


def _other_calls(node: ast.Call) -> Iterator[ast.AST]:
    """List what a call can wrongly be: of another function, or nothing."""
    if isinstance(node.func, ast.Name) and node.func.id in NAMES:
        other = ast.Name(NAMES[node.func.id], ast.Load())
        yield ast.Call(other, node.args, node.keywords)
    elif isinstance(node.func, ast.Attribute):
        name = node.func.attr
        if name in NAMES:
            other = ast.Attribute(node.func.value, NAMES[name], ast.Load())
            yield ast.Call(other, node.args, node.keywords)
        elif name in ('detach', 'clone', 'copy'):
            yield node.func.value


def _can_go(node: ast.AST, in_branch: bool) -> bool:
    """Whether a statement can be missing without a name being unknown."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Call)
    if isinstance(node, ast.Assign):
        return not any(
            isinstance(t, (ast.Name, ast.Tuple)) for t in node.targets
        )
    if isinstance(node, ast.Return):
        return in_branch
    return isinstance(node, (ast.AugAssign, ast.Continue, ast.Break))
