"""`tuiflow resume` and `tuiflow rerun`, as commands in a real project."""

import json
from pathlib import Path

from tests.cli.conftest import Project

FLAKY = """
from pathlib import Path

from tuiflow import StepInput, Workflow


def fetch(step_input: StepInput) -> str:
    print("fetched")
    return f"data of {step_input.input}"


def send(step_input: StepInput) -> str:
    mark = Path("was here")
    if not mark.exists():
        mark.touch()
        raise ConnectionError("no line")
    return f"sent {step_input.previous_step_content} to {step_input.input}"


workflow = Workflow(name="flaky", steps=[fetch, send])
"""


def test_a_failed_run_is_resumed_by_its_tail_and_run_again_from_a_step(own_project: Project):
    (own_project.folder / "workflows" / "flaky.py").write_text(FLAKY)
    first = own_project.tuiflow("run", "flaky", "tea", "--json")
    assert first.returncode == 1

    resumed = own_project.tuiflow("resume", "last", "--json")

    events = [json.loads(line) for line in resumed.stdout.splitlines()]
    kinds = [(event["kind"], event["node_path"]) for event in events]
    assert resumed.returncode == 0
    assert kinds[0] == ("WorkflowResumed", "flaky")
    assert ("StepReused", "flaky/fetch") in kinds
    assert ("StepStarted", "flaky/fetch") not in kinds
    assert events[0]["seq"] == json.loads(first.stdout.splitlines()[-1])["seq"] + 1

    again = own_project.tuiflow("rerun", "last", "--from", "send", "--input", '"milk"')

    assert again.returncode == 0
    assert "sent data of tea to milk" in again.stdout
    assert own_project.tuiflow("verify").returncode == 0


def test_what_cannot_be_resumed_or_begun_at_is_refused_in_a_sentence(own_project: Project):
    (own_project.folder / "workflows" / "flaky.py").write_text(FLAKY)
    Path(own_project.folder, "was here").touch()
    own_project.tuiflow("run", "flaky", "tea")
    (own_project.folder / "workflows" / "flaky.py").write_text(FLAKY.replace("data of", "news of"))

    done = own_project.tuiflow("resume", "last")
    nowhere = own_project.tuiflow("rerun", "last", "--from", "nowhere")
    nameless = own_project.tuiflow("rerun", "last", "--from", "")

    assert done.returncode == 2
    assert "is completed: it can be run again, and there is nothing to resume" in done.stderr
    assert done.stderr.count("\n") == nameless.stderr.count("\n") == 1
    assert "a step has a name" in nameless.stderr
    assert nowhere.returncode == 2
    assert "flaky/nowhere did not begin in run" in nowhere.stderr


def test_what_changed_between_run_and_resume_is_told_beside_the_output(own_project: Project):
    file = own_project.folder / "workflows" / "flaky.py"
    file.write_text(FLAKY)
    own_project.tuiflow("run", "flaky", "tea")
    file.write_text(FLAKY.replace("data of", "news of"))

    resumed = own_project.tuiflow("resume", "last")
    again = own_project.tuiflow("rerun", "last", "--from", "send")

    assert resumed.returncode == again.returncode == 0
    for said in (resumed, again):
        assert "tuiflow: Changed since it ran, and reused all the same: fetch." in said.stderr
    assert "Files that read differently since: workflows/flaky.py." in resumed.stderr
    assert "episode 2  1 step reused  changed since: fetch" in resumed.stdout
    assert "sent data of tea" in again.stdout

    file.write_text("oops(\n" + FLAKY)
    older = own_project.tuiflow("rerun", "last")

    assert older.returncode == 0
    assert (
        "flaky.py cannot be imported (SyntaxError: '(' was never closed): its last" in older.stderr
    )
