"""Media from the call of a run to its output, stored and in memory, here and in a worker."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tuiflow import Audio, File, Image, Parallel, StepInput, StepOutput, Video, Workflow
from tuiflow.errors import InputError, MediaError
from tuiflow.model.media import MOST_BYTES
from tuiflow.workflow import WorkflowRunOutput

PNG = b"\x89PNG\r\n" + bytes(20_000)


@pytest.fixture(params=["stored", "in memory"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Path | bool:
    return tmp_path / "tuiflow.db" if request.param == "stored" else False


def draw(step_input: StepInput) -> StepOutput:
    made = [Image(content=PNG, name=f"{image.name} drawn") for image in step_input.images]
    return StepOutput(content=len(made), images=made)


def say(step_input: StepInput) -> StepOutput:
    return StepOutput(audio=[Audio(content=b"la", format="wav")], files=[File(content=b"text")])


def test_all_kinds_are_given_to_a_run_and_accumulated_in_order_on_its_output(db: Path | bool):
    workflow = Workflow(name="w", steps=[draw, Parallel(say, draw, name="p")], db=db)
    given = Image(content=b"1", name="one")
    film = Video(url="https://films.example/a.mp4")

    output = workflow.run(images=[given], videos=[film], audio=[], files=None)

    assert output.images[0] is given
    assert output.videos == [film]
    assert [each.name for each in output.images] == [
        *("one", "one drawn", "one drawn", "one drawn drawn")
    ]
    assert [each.content for each in output.audio] == [b"la"]
    assert [each.content for each in output.files] == [b"text"]


def test_a_run_that_is_read_back_gives_its_media_as_what_they_were(db: Path | bool, tmp_path: Path):
    (tmp_path / "cat.png").write_bytes(PNG)
    workflow = Workflow(name="w", steps=[draw, say], db=db)
    given = [
        Image(filepath=tmp_path / "cat.png", id="cat"),
        Image(content=PNG, name="two", format="png", mime_type="image/png"),
        Image(url="https://pictures.example/three.png"),
    ]
    live = workflow.run(images=given)

    again = workflow.get_run(live.run_id)

    assert again is not None
    for name in ("images", "videos", "audio", "files"):
        assert getattr(again, name) == getattr(live, name)
    assert again.step_results[0].images == live.step_results[0].images
    assert again.step_results[0].images[0].content == PNG
    os.remove(tmp_path / "cat.png")
    if db is False:
        return  # these are the very objects: what they refer to is gone
    assert again.images[0].get_content_bytes() == PNG


def test_an_output_and_its_media_survive_json():
    live = Workflow(name="w", steps=[draw, say], db=False).run(images=[Image(content=b"\xff")])

    again = WorkflowRunOutput.from_dict(live.to_dict())

    assert (again.images, again.audio, again.files) == (live.images, live.audio, live.files)
    assert again.step_results[1].audio == live.step_results[1].audio


def test_the_same_bytes_are_stored_once_over_all_runs(tmp_path: Path):
    workflow = Workflow(name="w", steps=[draw], db=tmp_path / "x.db")
    for _ in range(2):
        workflow.run(images=[Image(content=PNG), Image(content=PNG)])

    with closing(sqlite3.connect(tmp_path / "x.db")) as database, database:
        assert database.execute("SELECT raw FROM blobs").fetchall() == [(PNG,)]
        assert database.execute("SELECT count(*) FROM blob_uses").fetchone() == (2,)
        bodies = database.execute("SELECT sum(length(body)) FROM events").fetchone()[0]
    assert bodies < len(PNG)


def test_a_missing_file_is_one_clear_sentence_before_anything_is_stored(
    db: Path | bool, tmp_path: Path
):
    workflow = Workflow(name="w", steps=[draw], db=db)
    path = tmp_path / "none.png"

    with pytest.raises(InputError) as refused:
        workflow.run(images=[Image(filepath=path)], run_id="the-run")

    assert str(refused.value) == f"Image {path}: there is no such file"
    assert workflow.get_run("the-run") is None


def test_what_is_no_file_is_refused_and_never_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    workflow = Workflow(name="w", steps=[draw], db=False)

    for path in (tmp_path, tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(MediaError, match=f"File {path}: this is not a file"):
            workflow.run(files=[File(filepath=path)])
    with pytest.raises(MediaError, match=r"null (byte|character)"):
        workflow.run(files=[File(filepath="a\0b")])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"images": ["cat.png"]}, r"write Image\(filepath=…\)"),
        ({"images": Image(content=b"x")}, "images= takes a list of Image, not Image"),
        ({"audio": [Image(content=b"x")]}, "audio= takes a list of Audio, not one of Image"),
    ],
)
def test_a_run_takes_only_media_of_the_kind_their_name_says(given: dict[str, object], said: str):
    workflow = Workflow(name="w", steps=[draw], db=False)

    with pytest.raises(InputError, match=said):
        workflow.run(**given)  # type: ignore[arg-type]


def test_a_file_bigger_than_what_is_kept_stays_a_reference_and_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    big = tmp_path / "film.mp4"
    with big.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    seen: list[Path | None] = []
    workflow = Workflow(
        name="w",
        steps=[lambda step_input: seen.append(step_input.videos[0].filepath)],
        db=tmp_path / "x.db",
    )

    live = workflow.run(videos=[Video(filepath=big)])
    again = workflow.get_run(live.run_id)

    assert seen == [big]
    assert again is not None
    assert again.videos == live.videos
    with closing(sqlite3.connect(tmp_path / "x.db")) as database, database:
        assert database.execute("SELECT count(*) FROM blobs").fetchone() == (0,)
    assert big.stat().st_size > MOST_BYTES


def test_files_of_one_start_are_kept_up_to_the_limit_in_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("tuiflow.store.media.MOST_BYTES", 10)
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(name.encode() * 6)
    workflow = Workflow(name="w", steps=[draw], db=tmp_path / "x.db")

    live = workflow.run(files=[File(filepath=tmp_path / "a"), File(filepath=tmp_path / "b")])

    with closing(sqlite3.connect(tmp_path / "x.db")) as database, database:
        assert database.execute("SELECT raw FROM blobs").fetchall() == [(b"aaaaaa",)]
    assert [each.get_content_bytes() for each in live.files] == [b"aaaaaa", b"bbbbbb"]


def test_a_nested_run_that_is_read_back_has_what_it_was_given_and_what_it_made(tmp_path: Path):
    inner = Workflow(name="inner", steps=[draw])
    workflow = Workflow(name="w", steps=[draw, inner], db=tmp_path / "x.db")
    live = workflow.run(images=[Image(content=b"1", name="one")])
    nested_id = next(event.nested_run_id for event in live.events if event.nested_run_id)

    nested = workflow.get_run(nested_id)

    assert nested is not None
    assert [each.name for each in nested.images] == [
        *("one", "one drawn", "one drawn", "one drawn drawn")
    ]


def test_a_function_that_is_the_workflow_sees_the_runs_media_and_gives_its_own(db: Path | bool):
    mine = Image(content=b"mine", name="mine")

    async def orchestrate(workflow: Workflow, execution_input) -> StepOutput:
        from tuiflow import Step

        drawn = await Step(name="draw", executor=draw).aexecute()
        assert execution_input.images[0].name == "one"
        return StepOutput(content="done", images=[*drawn.images, mine])

    workflow = Workflow(name="w", steps=orchestrate, db=db)

    live = workflow.run(images=[Image(content=b"1", name="one")])
    again = workflow.get_run(live.run_id)

    assert [each.name for each in live.images] == ["one", "one drawn", "mine"]
    assert again is not None
    assert again.images == live.images


def test_a_failed_run_keeps_the_media_its_steps_made(db: Path | bool):
    def fail(step_input: StepInput) -> None:
        raise KeyError("EUR")

    workflow = Workflow(name="w", steps=[draw, fail], db=db)

    with pytest.raises(Exception, match="EUR"):
        workflow.run(images=[Image(content=b"1", name="one")])

    assert workflow.run_response is not None
    assert [each.name for each in workflow.run_response.images] == ["one", "one drawn"]
