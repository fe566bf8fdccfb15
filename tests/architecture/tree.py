"""The source as data: what the tests of this folder walk over."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ("backoffice", "bot", "integrations")


def files(*roots: str, migrations: bool = False) -> list[Path]:
    """Every Python file under the roots (all of ours when none is given)."""
    found = (path for root in roots or SOURCE for path in (ROOT / root).rglob("*.py"))
    return sorted(path for path in found if migrations or "migrations" not in path.parts)


def parsed(*roots: str) -> Iterator[tuple[str, ast.Module]]:
    """Each file's name from the root, and its syntax tree."""
    for path in files(*roots):
        yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def method(call: ast.Call) -> str:
    """The last name of what is called: `update` in `Plan.objects.filter(...).update(...)`."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def owner(call: ast.Call) -> str:
    """The model a chain of queryset calls begins with: `Plan` in the same example, else ''."""
    node: ast.expr = call.func
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Attribute):
            if node.attr in ("objects", "_default_manager", "_base_manager"):
                model = node.value
                return model.attr if isinstance(model, ast.Attribute) else getattr(model, "id", "")
            node = node.value
        else:
            break
    return ""
