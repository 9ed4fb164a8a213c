"""Widgets read markup in a `str`: a name from a workflow could run actions or crash the screen.

What is put together at run time is handed over as Content; only words of our own are plain text.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import tuiflow.tui

FOLDER = Path(tuiflow.tui.__file__).parent
SHOWING = {"Static", "Label", "Button", "Checkbox", "Option", "update", "Markdown"}
SHOWN = {"border_title", "border_subtitle", "placeholder", "tooltip", "label", "title", "sub_title"}


def risky(source: str) -> list[int]:
    """List the lines where a widget is given a text that was put together."""
    return sorted({node.lineno for node in _given(ast.parse(source)) if _is_put_together(node)})


def _given(tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in SHOWING:
                yield from node.args[:1]
                yield from (word.value for word in node.keywords if word.arg in SHOWN)
            case ast.Assign(targets=[ast.Attribute(attr=name)], value=value) if name in SHOWN:
                yield value


def _is_put_together(node: ast.expr) -> bool:
    match node:
        case ast.JoinedStr():
            return True
        case ast.BinOp(left=left, right=right):
            return any(_is_text(side) for side in (left, right))
        case ast.Call(func=ast.Name(id="str" | "repr" | "safe_line" | "safe_text")):
            return True
        case ast.Call(func=ast.Attribute(value=value, attr="format" | "join" | "replace")):
            return _is_text(value)
        case ast.IfExp(body=body, orelse=orelse):
            return _is_put_together(body) or _is_put_together(orelse)
        case _:
            return False


def _is_text(node: ast.expr) -> bool:
    return (isinstance(node, ast.Constant) and isinstance(node.value, str)) or _is_put_together(
        node
    )


@pytest.mark.parametrize(
    "line",
    [
        'Static(f"{name}")',
        'box.border_title = f"run {name}"',
        "label.update(str(error))",
        'Button("no " + name)',
        'Label("{}".format(name))',
        "Static(safe_line(name))",
        'pane.border_subtitle = "a" if ok else f"{name}"',
    ],
)
def test_a_text_put_together_is_found(line: str):
    assert risky(line) == [1]


@pytest.mark.parametrize(
    "line",
    ['Static(Content(safe_line(f"{name}")))', 'box.border_title = "Help"', "box.update(lines)"],
)
def test_content_and_words_of_our_own_are_fine(line: str):
    assert risky(line) == []


def test_no_widget_is_given_a_text_that_was_put_together():
    found = {
        str(path.relative_to(FOLDER)): lines
        for path in sorted(FOLDER.rglob("*.py"))
        if (lines := risky(path.read_text()))
    }

    assert found == {}


def test_every_notification_is_told_to_read_no_markup():
    silent = [
        f"{path.name}:{node.lineno}"
        for path in sorted(FOLDER.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "notify"
        and not any(word.arg == "markup" for word in node.keywords)
    ]

    assert silent == []
