import ast
import importlib.util
import shutil
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image as Pillow

from tuiflow import RunStatus
from tuiflow.model.outline import NodeKind

SAMPLES = Path(__file__).parents[2] / "workflows"
FILES = sorted(SAMPLES.glob("*.py"))
Load = Callable[[str], ModuleType]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the samples, so that what they write does not land in the repository."""
    left_out = shutil.ignore_patterns("__pycache__", "output")
    return Path(shutil.copytree(SAMPLES, tmp_path / "workflows", ignore=left_out))


@pytest.fixture
def load(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    monkeypatch.setenv("TUIFLOW_DB", str(tmp_path / "runs.db"))

    def load_sample(name: str) -> ModuleType:
        spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, module)
        spec.loader.exec_module(module)
        return module

    return load_sample


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_sample_is_short_and_says_what_to_try(file: Path):
    text = file.read_text()

    assert len(text.splitlines()) <= 60
    assert "\nTry: " in (ast.get_docstring(ast.parse(text)) or "")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_sample_starts_without_any_input_typed(file: Path, load: Load):
    workflow = load(file.stem).workflow

    assert workflow.definition.validate_input(None) is not NotImplemented
    schema = workflow.outline().input_schema or {}
    assert "required" not in schema


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_sample_is_shipped_in_the_wheel(file: Path):
    pyproject = tomllib.loads((SAMPLES.parent / "pyproject.toml").read_text())

    shipped = pyproject["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]

    assert shipped[f"workflows/{file.name}"] == f"tuiflow/workflows/{file.name}"
    assert "workflows/data" in shipped


def test_together_the_samples_show_every_primitive(load: Load):
    outlines = [load(file.stem).workflow.outline().root for file in FILES]

    shown = {node.kind for outline in outlines for _, node in outline.walk()}

    assert shown >= {
        NodeKind.STEP,
        NodeKind.PARALLEL,
        NodeKind.CONDITION,
        NodeKind.LOOP,
        NodeKind.ROUTER,
    }


def test_the_code_report_counts_measures_and_lists(load: Load, tmp_path: Path):
    code = tmp_path / "code"
    (code / "deep").mkdir(parents=True)
    (code / ".venv").mkdir()
    (code / "a.py").write_text("def small():\n    return 1\n")
    (code / "deep" / "b.py").write_text("# TODO: finish\ndef big():\n    a = 1\n    return a\n")
    (code / "c.md").write_text("one\n")
    (code / ".venv" / "theirs.py").write_text("# TODO: not ours\n")

    report = load("code_report").workflow.run(str(code)).content

    assert report.startswith("# Code report\n")
    assert "- 6 lines of .py" in report
    assert "- 1 lines of .md" in report
    assert report.index("3 lines: big") < report.index("2 lines: small")
    assert f"- # TODO: finish ({code}/deep/b.py)" in report
    assert "not ours" not in report


def test_the_code_report_leaves_its_list_out_where_nothing_is_left_to_do(
    load: Load, tmp_path: Path
):
    code = tmp_path / "code"
    code.mkdir()
    (code / "a.py").write_text("x = 1\n")

    assert "To do" not in load("code_report").workflow.run(str(code)).content


def test_the_code_report_works_on_this_project(load: Load, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(SAMPLES.parent)

    report = load("code_report").workflow.run().content

    assert "lines of .py" in report
    assert "tuiflow/engine" in report


def test_the_order_etl_sets_bad_rows_aside_and_sums_up_the_rest(load: Load, folder: Path):
    totals = load("order_etl").workflow.run().content

    rejects = (folder / "output" / "rejects.txt").read_text().splitlines()
    rows = [
        row for file in (folder / "data").glob("*.csv") for row in file.read_text().splitlines()
    ]
    with closing(sqlite3.connect(folder / "output" / "orders.db")) as db, db:
        loaded = dict(db.execute("SELECT product, sum(cents) FROM orders GROUP BY product"))
        (count,) = db.execute("SELECT count(*) FROM orders").fetchone()
    assert totals == loaded
    assert set(totals) == {"chair", "desk", "lamp", "rug", "shelf"}
    assert 20 < len(rejects) < 60
    assert count + len(rejects) == len(rows) - 3
    assert any("Date should be in the past" in line for line in rejects)


def test_the_order_etl_refuses_a_load_that_is_too_bad(load: Load, folder: Path):
    eu = folder / "data" / "eu.csv"
    header, *rows = eu.read_text().splitlines()
    eu.write_text("\n".join([header, *(f"{row}x" for row in rows)]))

    with pytest.raises(Exception, match="more than a tenth of the rows is bad"):
        load("order_etl").workflow.run()

    assert not (folder / "output" / "orders.db").exists()


def test_the_monte_carlo_search_stops_when_its_estimate_is_good_enough(load: Load):
    module = load("monte_carlo")
    module.DARTS = 2_000

    found = module.workflow.run({"precision": 0.01})

    assert found.status is RunStatus.COMPLETED
    assert found.content.error <= 0.01
    assert found.content.pi == pytest.approx(3.1416, abs=0.05)
    turns = found.content.tallies["a"].thrown // module.DARTS
    assert 2 <= turns < 99
    again = module.workflow.run({"precision": 0.01})
    assert again.content == found.content, "the same seed throws the same darts"


def test_the_contact_sheet_draws_pictures_where_there_are_none_and_puts_them_on_one_sheet(
    load: Load, folder: Path
):
    output = load("contact_sheet").workflow.run()

    sheet = Pillow.open(folder / "output" / "contact_sheet.png")
    assert output.content == "6 pictures"
    assert sheet.size == (640, 320)
    assert len(sheet.getcolors(maxcolors=1 << 20) or ()) > 100, "there is something to see"
    assert [image.name for image in output.step_results[1].images or ()] == [
        *("edge_0.png", "edge_3.png", "edge_1.png", "edge_4.png", "edge_2.png", "edge_5.png")
    ]
    assert output.images[-1].filepath == folder / "output" / "contact_sheet.png"


def test_the_contact_sheet_takes_a_folder_of_ones_own(load: Load, tmp_path: Path):
    Pillow.new("RGB", (30, 10), "red").save(tmp_path / "red.JPG")
    (tmp_path / "notes.txt").write_text("no picture")

    output = load("contact_sheet").workflow.run(str(tmp_path))

    assert output.content == "1 pictures"


def test_the_contact_sheet_says_in_one_sentence_what_to_install(load: Load):
    module = load("contact_sheet")
    module.Pillow = None

    with pytest.raises(Exception, match=r"needs Pillow: python -m pip install 'tuiflow\[images\]'"):
        module.workflow.run()


@pytest.mark.parametrize(
    ("given", "team", "answers"),
    [(None, "billing", "now"), ("where is my parcel?", "delivery", "soon")],
)
def test_the_triage_sorts_a_mail_and_has_the_right_team_answer(
    load: Load, given: str | None, team: str, answers: str
):
    output = load("support_triage").workflow.run(given)

    assert output.status is RunStatus.COMPLETED
    assert output.content.strip().endswith(f"Our {team} team answers {answers}.")
    assert output.step_results[1].content.team == team
    assert [step.step_name for step in output.step_results[2].steps] == [team]


def test_the_triage_says_in_one_sentence_what_to_install_and_no_other_sample_minds(
    folder: Path, tmp_path: Path
):
    (folder / "pydantic_ai.py").write_text("raise ModuleNotFoundError('pydantic_ai')")

    done = subprocess.run(
        [sys.executable, "-m", "tuiflow", "--db", str(tmp_path / "runs.db"), "list"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )

    said = done.stdout + done.stderr
    assert "support_triage needs pydantic-ai: python -m pip install 'tuiflow[agents]'" in said
    for other in ("code_report", "contact_sheet", "monte_carlo", "order_etl"):
        assert f"\n{other} " in f"\n{said}"
