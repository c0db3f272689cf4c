"""Tells the first thing that is wrong with data which a schema refused."""

from pydantic import ValidationError


def first_problem(error: ValidationError) -> str:
    """Return where it is and what it is, in one line: `sites.0.id: Field required`."""
    first = error.errors()[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
