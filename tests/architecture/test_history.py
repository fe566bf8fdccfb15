"""`.update()` and the bulk writes leave no history: on tracked models they belong to `common/bulk.py` alone."""

import ast

from django.apps import apps

from tests.architecture import tree

BULK = {"update", "bulk_create", "bulk_update"}
ALLOWED = {"backoffice/common/bulk.py"}


def tracked_models() -> set[str]:
    """The names of our models that keep a history."""
    return {
        model.__name__
        for model in apps.get_models()
        if hasattr(model._meta, "simple_history_manager_attribute") and model.__module__.startswith("backoffice.")
    }


def test_tracked_models_are_written_in_bulk_only_with_their_history():
    tracked = tracked_models()
    assert tracked
    silent = [
        f"{name}:{call.lineno} {tree.owner(call)}.{tree.method(call)}()"
        for name, module in tree.parsed("backoffice", "bot")
        if name not in ALLOWED
        for call in tree.calls(module)
        if tree.method(call) in BULK and tree.owner(call) in tracked
    ]
    assert not silent, f"use backoffice.common.bulk: {silent}"


def test_the_walk_sees_through_a_chain_of_calls():
    chain = ast.parse("Plan.objects.filter(a=1).exclude(b=2).update(c=3)").body[0]
    assert isinstance(chain, ast.Expr)
    assert isinstance(chain.value, ast.Call)
    assert tree.owner(chain.value) == "Plan"
    assert tree.method(chain.value) == "update"
