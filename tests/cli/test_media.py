from pathlib import Path

from tests.cli.conftest import Project

DRAW = """
from tuiflow import Image, StepInput, StepOutput, Workflow


def draw(step_input: StepInput) -> StepOutput:
    hostile = Image(content=b"made", name="../../x\\x1b[2J.png")
    return StepOutput(content=[type(each).__name__ for each in step_input.media], images=[hostile])


workflow = Workflow(name="draw", steps=[draw])
"""


def test_media_are_given_to_a_run_by_path_or_url_listed_and_saved(own_project: Project):
    folder = own_project.folder
    (folder / "workflows" / "draw.py").write_text(DRAW)
    (folder / "cat.png").write_bytes(b"a cat")

    ran = own_project.tuiflow(
        *("run", "draw", "--image", "cat.png", "--image", "https://p.example/dog.png"),
        *("--video", "cat.png", "--audio", "cat.png", "--file", "cat.png"),
    )
    shown = own_project.tuiflow("show", "last")
    [facts] = own_project.json("show", "last")
    saved = own_project.tuiflow("show", "last", "--save-media", "out")
    again = own_project.json("show", "last", "--save-media", "out")

    assert ran.returncode == 0, ran.stderr
    assert "image · image/png · 5 B · cat.png" in shown.stdout
    assert "image · image/png · a reference · dog.png" in shown.stdout
    assert "\x1b" not in shown.stdout + saved.stdout
    assert facts["content"] == ["Image", "Image", "Video", "Audio", "File"]
    assert [each["kind"] for each in facts["media"]] == [
        *("image", "image", "video", "audio", "file", "image")
    ]
    assert saved.returncode == 0, saved.stderr
    assert "dog.png: a URL, never fetched" in saved.stderr
    assert saved.stdout.splitlines()[0].startswith("out/cat.png")
    names = {f"cat{end}.png" for end in ("", *(f"-{n}" for n in range(2, 9)))}
    assert {file.name for file in (folder / "out").iterdir()} == names | {"x_2J.png", "x_2J-2.png"}
    assert (folder / "out" / "x_2J.png").read_bytes() == b"made"
    assert next(Path(each["path"]).name for each in again if each["path"]) == "cat-5.png"


def test_a_missing_file_is_one_clear_sentence(own_project: Project):
    (own_project.folder / "workflows" / "draw.py").write_text(DRAW)

    refused = own_project.tuiflow("run", "draw", "--image", "none.png")

    path = own_project.folder / "none.png"
    assert refused.returncode == 2
    assert refused.stderr == f"tuiflow: Image {path}: there is no such file\n"
    assert own_project.tuiflow("runs").stdout.count("draw") == 0


def test_a_folder_that_cannot_be_written_and_a_run_without_media_are_said(own_project: Project):
    (own_project.folder / "workflows" / "draw.py").write_text(DRAW)
    own_project.tuiflow("run", "draw")

    refused = own_project.tuiflow("show", "last", "--save-media", "/proc/none")
    own_project.tuiflow("run", "echo")
    empty = own_project.tuiflow("show", "last", "--save-media", "out")

    assert refused.returncode == 1
    assert refused.stderr.startswith("tuiflow: cannot write into /proc/none: ")
    assert (empty.returncode, empty.stderr) == (0, "tuiflow: this run has no media\n")
