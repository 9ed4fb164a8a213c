import ast
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

import tuiflow
from tuiflow.model import events
from tuiflow.model.events import EVENT
from tuiflow.model.ids import NodePath

PACKAGE = Path(tuiflow.__file__).parent
ROOT = PACKAGE.parent
MOST_LINES = 300
FILES = sorted(
    path
    for folder in ("tuiflow", "tests", "workflows")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".py", ".tcss", ".sql"} and "__snapshots__" not in path.parts
)


def loaded_by(statement: str) -> set[str]:
    # Coverage is there before anything else, and has loaded sqlite3.
    script = (
        f"import sys\nbefore = {{*sys.modules}}\n{statement}\nprint(*{{*sys.modules}} - before)"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "module", ["tuiflow", "tuiflow.cli", "tuiflow.service", "tuiflow.worker.__main__"]
)
def test_importing_without_a_screen_loads_no_textual(module: str):
    assert "textual" not in loaded_by(f"import {module}")


def test_a_worker_carries_no_front_end():
    loaded = loaded_by("import tuiflow.worker.__main__")
    barred = ("textual", "watchfiles", "rich", "tuiflow.tui", "tuiflow.service", "tuiflow.catalog")

    assert not {name for name in loaded if name.startswith(barred)}


def test_the_first_frame_is_drawn_without_what_takes_long_to_import():
    loaded = loaded_by("import tuiflow.cli.commands.screen, tuiflow.tui.showing")

    assert not loaded & {"pydantic", "aiosqlite", "sqlite3", "watchfiles", "psutil"}


def test_importing_the_authoring_api_touches_no_disk(tmp_path: Path):
    script = "import tuiflow; [getattr(tuiflow, name) for name in tuiflow.__all__]"

    subprocess.run([sys.executable, "-c", script], check=True, cwd=tmp_path)

    assert list(tmp_path.iterdir()) == []


LISTED = sorted(
    ".".join(path.parent.relative_to(ROOT).parts)
    for path in PACKAGE.rglob("__init__.py")
    if "__all__" in path.read_text()
)


@pytest.mark.parametrize("name", LISTED)
def test_every_public_name_can_be_had_and_stands_in_the_list_of_its_package(name: str):
    package = importlib.import_module(name)
    body = ast.parse(Path(str(package.__file__)).read_text()).body
    imported = {
        alias.asname or alias.name
        for node in body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tuiflow")
        for alias in node.names
    }
    only_lists = not any(isinstance(node, ast.FunctionDef) for node in body)

    assert len(set(package.__all__)) == len(package.__all__)
    assert [one for one in package.__all__ if getattr(package, one, None) is None] == []
    assert not only_lists or imported <= set(package.__all__)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_outgrows_its_room(path: Path):
    assert len(path.read_text().splitlines()) <= MOST_LINES


def test_every_module_says_in_a_sentence_what_lives_in_it():
    silent = [
        path
        for path in PACKAGE.rglob("*.py")
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]

    assert silent == []


def test_every_module_can_be_imported_alone():
    names = [info.name for info in pkgutil.walk_packages([str(PACKAGE)], "tuiflow.")]

    for name in names:
        if not name.endswith("__main__"):
            importlib.import_module(name)

    assert "tuiflow.engine" in names


def event_classes() -> list[type[events.RunEvent]]:
    union = get_args(events.Event)[0]
    return list(get_args(union))


@pytest.mark.parametrize("kind", event_classes(), ids=lambda kind: kind.__name__)
def test_every_kind_of_event_survives_json(kind: type[events.RunEvent]):
    needed = {
        "failure": {"type": "KeyError", "message": "'EUR'"},
        "next_attempt": 2,
        "source_run_id": "r",
        "outcome": "error",
        "count": 3,
        "max_iterations": 3,
        "iteration": 1,
        "done": 0.5,
        "text": "hello",
    }
    fields = {name: value for name, value in needed.items() if name in kind.model_fields}
    event = kind(node_path=NodePath("w/a"), seq=4, at=5, **fields)

    again = EVENT.validate_json(event.model_dump_json())

    assert again == event
    assert f"{again.event}Event".replace("EventEvent", "Event") == kind.__name__
