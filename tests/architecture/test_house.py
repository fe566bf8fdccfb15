"""What is written in two places says the same in both."""

import ast
import re
import subprocess
import tomllib

from django.conf import settings

from tests.architecture import tree

APPS = [
    name.removeprefix("backoffice.") for name in settings.INSTALLED_APPS if re.fullmatch(r"backoffice\.[a-z]+", name)
]


def contract(identifier: str) -> dict:
    project = tomllib.loads((tree.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return next(each for each in project["tool"]["importlinter"]["contracts"] if each["id"] == identifier)


def read(name: str) -> str:
    return (tree.ROOT / name).read_text(encoding="utf-8")


def test_the_apps_are_installed_in_the_order_of_their_imports():
    layers = [layer.strip("()") for layer in contract("apps")["layers"]]
    assert list(reversed(layers)) == APPS


def test_the_version_is_told_alike_everywhere():
    project = tomllib.loads((tree.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == settings.VERSION


def test_every_app_has_a_room_and_every_room_is_an_app():
    rooms = {path.parent.name for path in (tree.ROOT / "backoffice").glob("*/apps.py")}
    assert rooms == set(APPS)


def test_every_dependency_is_pinned_and_says_why_it_is_worth_having():
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in read(name).splitlines():
            if line and not line.startswith(("#", "-r ")):
                assert re.fullmatch(r"[A-Za-z0-9_.-]+(\[[a-z0-9,-]+\])?==[0-9.]+ +# .{5,}", line), f"{name}: {line}"


def test_what_an_installation_writes_stays_out_of_git():
    ignored = read(".gitignore").splitlines()
    assert {"var/", ".venv/"} <= set(ignored)
    if (tree.ROOT / ".git").exists():
        tracked = subprocess.run(
            ["git", "ls-files", "var", ".venv", "*.sqlite3"], cwd=tree.ROOT, capture_output=True, text=True, check=True
        )
        assert not tracked.stdout


def test_the_commands_that_the_pages_name_exist():
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    pages = [tree.ROOT / "README.md", *(tree.ROOT / "docs").rglob("*.md"), tree.ROOT / "deploy" / "README.md"]
    for page in pages:
        named = set(re.findall(r"(?:^|`)make ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE))
        assert named <= targets, f"{page.relative_to(tree.ROOT)} names {named - targets}"


def test_every_variable_that_the_code_reads_is_explained_and_no_other():
    variables = {
        call.args[0].value
        for _name, module in tree.parsed()
        for call in tree.calls(module)
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }
    explained = set(re.findall(r"^#?([A-Z_]+)=", read("deploy/env.example"), re.MULTILINE))
    assert variables == explained


def test_the_links_of_the_pages_lead_somewhere():
    pages = [tree.ROOT / "README.md", tree.ROOT / "deploy" / "README.md", *(tree.ROOT / "docs").rglob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.relative_to(tree.ROOT)} → {target}"
