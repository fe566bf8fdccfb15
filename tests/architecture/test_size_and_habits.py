"""Habits that a linter does not know."""

import ast

from tests.architecture import tree

LONGEST = 500


def test_no_file_grows_past_what_a_person_reads():
    long = {}
    for path in tree.files(*tree.SOURCE, "tests"):
        count = len(path.read_text(encoding="utf-8").splitlines())
        if count > LONGEST:
            long[str(path.relative_to(tree.ROOT))] = count
    assert not long, f"split these files: {long}"


def test_nothing_prints_but_commands():
    printing = [
        f"{name}:{call.lineno}"
        for name, module in tree.parsed()
        if "/management/commands/" not in name
        for call in tree.calls(module)
        if isinstance(call.func, ast.Name) and call.func.id == "print"
    ]
    assert not printing


def test_no_signals_carry_domain_logic():
    using = [
        name
        for name, module in tree.parsed()
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith(("django.db.models.signals", "django.dispatch"))
    ]
    assert not using


def test_broad_excepts_are_only_in_the_loops():
    loops = {"bot/dispatcher.py", "bot/sender.py", "bot/channel.py", "bot/receiver.py", "backoffice/common/worker.py"}
    loops.add("integrations/whatsapp/neonize/dial.py")  # called by Go, which drops what is raised
    broad = [
        f"{name}:{node.lineno}"
        for name, module in tree.parsed()
        if name not in loops
        for node in ast.walk(module)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or _names(node.type) & {"Exception", "BaseException"})
    ]
    assert not broad


def test_nothing_is_left_for_later():
    left = [
        f"{path.relative_to(tree.ROOT)}:{number}"
        for path in tree.files(*tree.SOURCE, "tests")
        if path.name != "test_size_and_habits.py"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if any(mark in line for mark in ("TODO", "FIXME", "XXX", "HACK"))
    ]
    assert not left


def _names(node: ast.expr) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
