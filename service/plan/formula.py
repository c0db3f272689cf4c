"""Formulas as they are written in the plan's sheet: names, numbers, + - * / and a few functions."""

import ast
import math
import operator
from collections.abc import Callable, Mapping

_OPERATORS: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def _per(count: float, seconds: float) -> float:
    """Return how often a second something happens that each of `count` does each so many seconds; 0: it never does.

    Nothing is done more often than each millisecond.
    """
    return count / max(seconds, 0.001) if seconds > 0 else 0.0


FUNCTIONS: Mapping[str, Callable[..., float]] = {
    "ceil": lambda value: float(math.ceil(round(value, 9))),
    "floor": lambda value: float(math.floor(round(value, 9))),
    "min": min,
    "max": max,
    "per": _per,
    "present": lambda value: float(value > 0),
}
"""What a formula may call. Rounding before `ceil` keeps 26.000000000001 from becoming 27."""


class BadFormula(ValueError):
    """The formula says something that is none, or its result is no number; the text says what."""


class Formula:
    """One formula, checked when it is made. Raises BadFormula."""

    def __init__(self, text: str) -> None:
        self.text = " ".join(text.split())
        try:
            self._tree = ast.parse(self.text, mode="eval").body
        except SyntaxError as error:
            raise BadFormula(f"{self.text}: {error.msg}") from None
        self.names = tuple(dict.fromkeys(_names(self._tree)))

    def value(self, values: Mapping[str, float]) -> float:
        """Return the result with these values. Raises BadFormula where one is missing or something is divided by 0."""
        try:
            return _value(self._tree, values)
        except KeyError as error:
            raise BadFormula(f"{self.text}: there is no {error.args[0]}") from None
        except (ZeroDivisionError, OverflowError):
            raise BadFormula(f"{self.text}: divides by 0, or is too large") from None

    def with_numbers(self, values: Mapping[str, float]) -> str:
        """Return the formula with numbers in the place of names, to be read by people."""
        tree = _Numbers(values).visit(ast.parse(self.text, mode="eval"))
        return ast.unparse(tree)


def number_text(value: float) -> str:
    """Return a number as short as it may be without hiding much: four digits that count, whole ones whole."""
    if abs(value) >= 1000 or value == round(value):
        return f"{round(value):d}"
    return f"{float(f'{value:.4g}'):g}"


class _Numbers(ast.NodeTransformer):
    def __init__(self, values: Mapping[str, float]) -> None:
        self._values = values

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return node if node.id in FUNCTIONS else ast.Name(number_text(self._values[node.id]), ast.Load())


def _names(node: ast.expr) -> list[str]:
    """Return the names of values in the order in which they stand. Raises BadFormula at what no formula may hold."""
    match node:
        case ast.Constant(value=int() | float()):
            return []
        case ast.Name(id=name):
            return [name]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _names(left) + _names(right)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
            return [each for argument in arguments for each in _names(argument)]
    raise BadFormula(f"{ast.unparse(node)}: not a number, a name, + - * / or one of {', '.join(FUNCTIONS)}")


def _value(node: ast.expr, values: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            return values[name]
        case ast.BinOp(left=left, op=op, right=right):
            return _OPERATORS[type(op)](_value(left, values), _value(right, values))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return FUNCTIONS[name](*(_value(argument, values) for argument in arguments))
    raise BadFormula(ast.unparse(node))
