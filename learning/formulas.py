"""Formulas of authors, such as `account * risk / 100 / (entry - stop)`: arithmetic on exact decimals.

simpleeval walks the expression; of what it knows only names, numbers, the operators below and a few functions
are left, so that a formula can neither reach into Python nor run long.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, DecimalException, localcontext
from functools import lru_cache
from typing import Any

from simpleeval import InvalidExpression, SimpleEval

LONGEST = 300
# A formula reads nothing beyond these digits into an answer; infinities and NaN raise instead of spreading.
_CONTEXT = Context(prec=28, Emax=30, Emin=-30)
_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}
_FUNCTIONS: dict[str, Callable[..., Decimal]] = {
    "min": min,
    "max": max,
    "abs": abs,
    "floor": lambda value: value.to_integral_value(ROUND_FLOOR),
    "ceil": lambda value: value.to_integral_value(ROUND_CEILING),
}
_UNREADABLE = (InvalidExpression, SyntaxError, TypeError, ValueError, KeyError, RecursionError, MemoryError)
_NODES = (ast.Expr, ast.Name, ast.UnaryOp, ast.BinOp, ast.Call)


class FormulaError(ValueError):
    """The formula cannot be read, or gives no number for these values; the message says why."""


def value_of(formula: str, names: Mapping[str, Decimal]) -> Decimal:
    """The value of `formula` for these values. Raises FormulaError."""
    if len(formula) > LONGEST:
        raise FormulaError(f"is longer than {LONGEST} characters")
    reader = SimpleEval(operators=_OPERATORS, functions=_FUNCTIONS, names=names)
    reader.nodes = {node: reader.nodes[node] for node in _NODES} | {ast.Constant: _constant}
    try:
        with localcontext(_CONTEXT):
            found = reader.eval(formula, _parsed(formula))
    except ZeroDivisionError as error:
        raise FormulaError("divides by zero") from error
    except DecimalException as error:
        raise FormulaError("gives no number that can be written down") from error
    except _UNREADABLE as error:
        raise FormulaError(_words(error)) from error
    if not isinstance(found, Decimal) or not found.is_finite():
        raise FormulaError("gives no number")
    return found


@lru_cache(maxsize=512)
def _parsed(formula: str) -> ast.expr:
    # A question is tried on a thousand draws before it is published: its formula is read once.
    return ast.parse(formula.strip(), mode="eval").body


def _constant(node: ast.Constant) -> Decimal:
    # Booleans are integers to Python, and a number of a thousand digits is not one of trading.
    if isinstance(node.value, bool) or not isinstance(node.value, int | float):
        raise FormulaError("may hold numbers and names only")
    return Decimal(str(node.value))


def _words(error: Exception) -> str:
    if isinstance(error, FormulaError):
        return str(error)
    name = getattr(error, "name", None) or getattr(error, "func_name", None)
    if name:
        return f"does not know {name!r}"
    return "cannot be read"
