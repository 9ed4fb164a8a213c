import os
import signal
import subprocess
import sys
import time

from tests.cli.conftest import PATIENCE, WORKFLOWS, Project, press_ctrl_c, read_until
from tuiflow.cli.follow_to_end import SAME_KEY


def start_spinning(project: Project, name: str = "spinning", inside: str = "spin"):
    process = project.start("run", name)
    read_until(process.stdout, f"▸  {inside}" if name == "enduring" else f"› {inside}")
    return process


def test_ctrl_c_cancels_a_run_and_keeps_what_was_finished(own_project: Project):
    process = start_spinning(own_project)

    press_ctrl_c(process)
    out, err = process.communicate()

    assert process.returncode == 130
    assert "Ctrl+C again kills it" in err
    assert out.splitlines()[-1].startswith("⊗ cancelled")
    (run,) = own_project.json("show", "last")
    statuses = {node["name"]: node["status"] for node in run["nodes"]}
    assert (run["status"], run["reason"]) == ("cancelled", "asked with Ctrl+C")
    assert (statuses["quick"], statuses["spin"]) == ("completed", "cancelled")


def test_a_second_ctrl_c_kills_what_does_not_listen(own_project: Project):
    process = start_spinning(own_project, "enduring", "endure")

    press_ctrl_c(process)
    read_until(process.stderr, "cancelling")
    time.sleep(SAME_KEY * 1.5)  # a person's second press, not an echo of the first
    press_ctrl_c(process)
    _, err = process.communicate()

    assert "killing" in err
    assert process.returncode == 130
    assert own_project.json("show", "last")[0]["status"] == "cancelled"


def test_one_ctrl_c_that_arrives_twice_still_only_cancels(own_project: Project):
    process = start_spinning(own_project)

    press_ctrl_c(process)
    press_ctrl_c(process)
    _, err = process.communicate()

    assert process.returncode == 130
    assert "killing" not in err


def test_sigterm_cancels_too(own_project: Project):
    process = start_spinning(own_project)

    process.send_signal(signal.SIGTERM)
    process.communicate()

    assert process.returncode == 130


def test_a_detached_run_goes_on_and_can_be_followed_and_cancelled(own_project: Project):
    run_id = own_project.tuiflow("run", "spinning", "--detach").stdout.strip()
    follower = own_project.start("events", run_id, "--follow")
    read_until(follower.stdout, "› spin")

    ended = own_project.tuiflow("cancel", run_id[-4:])
    out, _ = follower.communicate()

    assert ended.returncode == 0
    assert ended.stdout == f"⊗ run {run_id[-4:]} cancelled\n"
    assert follower.returncode == 0
    assert "⊗  spinning" in out.splitlines()[-1]
    (run,) = own_project.json("show", run_id)
    assert (run["status"], run["reason"]) == ("cancelled", "asked with `tuiflow cancel`")


def test_cancel_kill_ends_what_does_not_listen(own_project: Project):
    own_project.tuiflow("run", "enduring", "--detach")

    (answer,) = own_project.json("cancel", "last", "--kill")

    assert answer["status"] == "cancelled"
    assert answer["was_over"] is False


def test_cancelling_a_run_that_is_over_says_so(own_project: Project):
    own_project.tuiflow("run", "echo")

    ended = own_project.tuiflow("cancel", "last")

    assert ended.returncode == 1
    assert "was over already: completed" in ended.stderr


def test_a_worker_that_is_killed_ends_its_foreground_run_as_crashed(own_project: Project):
    process = start_spinning(own_project)

    os.kill(own_project.json("show", "last")[0]["worker"]["pid"], signal.SIGKILL)
    out, _ = process.communicate()

    assert process.returncode == 4
    assert out.splitlines()[-1].startswith("✗ crashed")


def test_killing_the_command_line_leaves_the_run_alone(own_project: Project):
    process = start_spinning(own_project)

    process.kill()
    process.communicate()

    assert own_project.json("show", "last")[0]["status"] == "running"
    assert own_project.tuiflow("cancel", "last").returncode == 0


def test_ctrl_c_while_following_leaves_the_run_alone(own_project: Project):
    run_id = own_project.tuiflow("run", "spinning", "--detach").stdout.strip()
    follower = own_project.start("events", run_id, "--follow")
    read_until(follower.stdout, "› spin")

    press_ctrl_c(follower)
    _, err = follower.communicate()

    assert follower.returncode == 130
    assert "Traceback" not in err
    assert own_project.json("show", run_id)[0]["status"] == "running"
    assert own_project.tuiflow("cancel", run_id).returncode == 0


def test_cancel_all_ends_every_run_that_is_going_on(own_project: Project):
    for _ in range(2):
        own_project.tuiflow("run", "spinning", "--detach")

    answers = own_project.json("cancel", "--all")

    assert [answer["status"] for answer in answers] == ["cancelled", "cancelled"]
    assert {run["status"] for run in own_project.json("runs")} == {"cancelled"}
    assert own_project.tuiflow("cancel", "--all").stderr.strip() == "tuiflow: no run is going on"


def test_a_run_that_may_not_be_killed_keeps_no_other_from_being_killed(own_project: Project):
    worker = own_project.tuiflow("run", "spinning", "--detach").stdout.strip()
    own = "from workflows.some import spinning; spinning.run(run_id='my-own')"
    script = subprocess.Popen(
        [sys.executable, "-c", own],
        cwd=own_project.folder,
        env=own_project.environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        process_group=0,
    )
    own_project.started.append(script)
    own_project.wait_for_run("my-own", "status = 'running'")

    ended = own_project.tuiflow("cancel", "--all", "--kill")

    assert ended.returncode == 1
    assert (
        f"run my-own runs inside process {script.pid}, which tuiflow did not start" in ended.stderr
    )
    assert own_project.json("show", worker)[0]["status"] == "cancelled"
    script.wait(timeout=PATIENCE)
    assert own_project.json("show", "my-own")[0]["status"] == "cancelled"


def test_cancel_takes_a_run_or_all_and_not_both_or_neither(own_project: Project):
    for arguments in ((), ("last", "--all")):
        ended = own_project.tuiflow("cancel", *arguments)
        assert ended.returncode == 2
        assert "Traceback" not in ended.stderr
        assert "--all" in ended.stderr


def test_ctrl_c_ends_a_command_that_waits_for_an_import(own_project: Project):
    marker = own_project.folder / "importing"
    (own_project.folder / "workflows" / "slow.py").write_text(
        f"import tuiflow\nopen({str(marker)!r}, 'w').close()\nwhile True:\n    pass\n"
    )
    process = own_project.start("list")
    deadline = time.monotonic() + PATIENCE
    while not marker.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)

    press_ctrl_c(process)
    out, err = process.communicate(timeout=PATIENCE)

    assert process.returncode == 130
    assert (out, err) == ("", "")


def test_ctrl_c_ends_a_cancel_that_waits_for_the_run(own_project: Project):
    text = WORKFLOWS.replace('name="enduring"', 'name="enduring", cancel_grace=3600')
    (own_project.folder / "workflows" / "some.py").write_text(text)
    run_id = own_project.tuiflow("run", "enduring", "--detach").stdout.strip()
    process = own_project.start("cancel", run_id)
    own_project.wait_for_run(run_id, "cancel_requested_at IS NOT NULL")

    press_ctrl_c(process)
    _, err = process.communicate(timeout=PATIENCE)

    assert process.returncode == 130
    assert "Traceback" not in err
    assert own_project.json("cancel", run_id, "--kill")[0]["status"] == "cancelled"


def test_a_cancel_whose_asker_leaves_or_is_killed_still_ends_the_run(own_project: Project):
    text = WORKFLOWS.replace('name="enduring"', 'name="enduring", cancel_grace=0.5')
    (own_project.folder / "workflows" / "some.py").write_text(text)
    for leave in (signal.SIGINT, signal.SIGKILL):
        run_id = own_project.tuiflow("run", "enduring", "--detach").stdout.strip()
        worker = own_project.json("show", run_id)[0]["worker"]["pid"]
        os.kill(worker, signal.SIGSTOP)  # it can do nothing itself
        process = own_project.start("cancel", run_id)
        own_project.wait_for_run(run_id, "cancel_requested_at IS NOT NULL")

        process.send_signal(leave)
        process.communicate(timeout=PATIENCE)

        own_project.wait_for_run(run_id, "status = 'cancelled'")


def test_ctrl_c_while_the_input_is_typed_ends_the_command(own_project: Project):
    process = subprocess.Popen(
        own_project.command("run", "echo", "-"),
        cwd=own_project.folder,
        env=own_project.environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    own_project.started.append(process)
    assert process.stdin is not None
    process.stdin.write("more than a pipe holds\n" * 10_000)  # so it is being read by now

    press_ctrl_c(process)
    _, err = process.communicate(timeout=PATIENCE)

    assert process.returncode == 130
    assert err == ""
    assert own_project.json("runs") == []
