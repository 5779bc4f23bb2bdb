"""Nothing but `plain()`, Content or Text reaches a widget: a lint over the syntax tree of every module of the desk.

Textual reads `[...]` in a bare string as markup and hands control characters on; so a string may go into a widget
only if it is written out in the program.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DESK = [ROOT / "tui.py", *sorted((ROOT / "coding" / "desk").rglob("*.py"))]
WIDGETS = {
    "Static",
    "Label",
    "Button",
    "Option",
    "Checkbox",
    "RadioButton",
    "Collapsible",
    "TabPane",
    "Tab",
    "Markdown",
}
METHODS = {"update", "notify", "add_option", "add_row", "add_column", "set_options"}
ATTRIBUTES = {"border_title", "border_subtitle", "tooltip", "title", "sub_title"}
SAFE = {"plain", "plain_line", "plain_cell", "Content", "Text"}
"""The doors: everything they give back is content without orders."""


def content_makers() -> set[str]:
    """Functions of the desk that give back Content or Text."""
    found = set(SAFE)
    for path in DESK:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.FunctionDef)
                and node.returns is not None
                and ast.unparse(node.returns) in SAFE
            ):
                found.add(node.name)
    return found


MAKERS = content_makers()


def is_safe(node: ast.expr, names: set[str]) -> bool:
    match node:
        case ast.Constant(value=str(text)):
            return "[" not in text
        case ast.Constant():
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name in MAKERS
        case ast.Call(func=ast.Attribute(value=value, attr=name)):
            return (
                name in MAKERS or is_safe(value, names) or (isinstance(value, ast.Name) and value.id in SAFE)
            )
        case ast.Name(id=name):
            return name in names
        case ast.IfExp():
            return is_safe(node.body, names) and is_safe(node.orelse, names)
        case ast.BinOp(op=ast.Add()):
            return is_safe(node.left, names) and is_safe(node.right, names)
        case ast.Starred(value=ast.GeneratorExp(elt=made) | ast.ListComp(elt=made)):
            return is_safe(made, names)
    return False


def safe_names(function: ast.AST) -> set[str]:
    """Names that hold content: parameters that say so, and what is assigned from a door."""
    names: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.arg) and node.annotation is not None and ast.unparse(node.annotation) in SAFE:
            names.add(node.arg)
    for node in ast.walk(function):
        if (
            isinstance(node, ast.Assign)
            and is_safe(node.value, names)
            and not isinstance(node.value, ast.Constant)
        ):
            names.update(target.id for target in node.targets if isinstance(target, ast.Name))
    return names


def shown(node: ast.AST) -> Iterator[tuple[int, ast.expr]]:
    """What a statement hands to a widget to show."""
    if isinstance(node, ast.Call):
        called = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
        takes_first = called in WIDGETS or (called in METHODS and not is_mapping_update(node))
        if takes_first and node.args:
            yield node.lineno, node.args[0]
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Attribute) and target.attr in ATTRIBUTES:
                yield node.lineno, node.value


def is_mapping_update(node: ast.Call) -> bool:
    """`somewhere.update({...})` fills a mapping; `notify(text, markup=False)` shows text as it is."""
    has_no_markup = any(word.arg == "markup" and ast.unparse(word.value) == "False" for word in node.keywords)
    return has_no_markup or bool(node.args and isinstance(node.args[0], ast.Dict | ast.DictComp))


def unsafe(path: Path, text: str) -> list[str]:
    found: list[str] = []
    tree = ast.parse(text)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    for function in functions or [tree]:
        names = safe_names(function)
        for node in ast.walk(function):
            for line, value in shown(node):
                if not is_safe(value, names):
                    found.append(
                        f"{path.name}:{line}: {ast.unparse(value)[:80]} reaches a widget bare; hand it through plain()"
                    )
    return sorted(set(found))


@pytest.mark.parametrize("path", DESK, ids=lambda path: path.stem)
def test_only_plain_text_reaches_widgets(path: Path) -> None:
    assert unsafe(path, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "line",
    [
        "Static(f'{name}')",
        "Static(name)",
        "Label(article.title)",
        "Option(value)",
        "self.query_one(Static).update(text)",
        "self.notify(str(error))",
        "self.border_title = article.title",
        "Static('[b]bold[/b]')",
        "Static('a' + name)",
    ],
)
def test_the_lint_finds_a_bare_string(line: str) -> None:
    assert len(unsafe(Path("x.py"), f"def show(self, name, text, error, value, article):\n    {line}\n")) == 1


@pytest.mark.parametrize(
    "line",
    [
        "Static(plain(name))",
        "Static('written out')",
        "Static(id='x')",
        "Static(Content.assemble(plain(name), 'x'))",
        "shown = plain(name); Static(shown)",
        "self.notify(name, markup=False)",
        "Static(plain(name) if name else plain(text))",
        "Static(Content('\\n').join([plain(name)]))",
        "OptionList(*(Option(plain(v)) for v in value))",
    ],
)
def test_the_lint_lets_content_pass(line: str) -> None:
    assert unsafe(Path("x.py"), f"def show(self, name, text, error, value, article):\n    {line}\n") == []
