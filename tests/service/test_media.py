from pathlib import Path

import pytest

from tests.service.conftest import finish, write
from tuiflow import Audio, File, Image, Video
from tuiflow.errors import MediaError
from tuiflow.model.ids import NodePath
from tuiflow.model.stored_medium import StoredMedium
from tuiflow.service import SavedMedium, Service, typed_media
from tuiflow.service.saving import safe_name

LOOK = """
from tuiflow import Image, StepInput, StepOutput, Workflow


def look(step_input: StepInput) -> StepOutput:
    said = [type(each).__name__ for each in step_input.media]
    said += [str(each.url or each.filepath or each.content) for each in step_input.media]
    said += [repr(image.get_content_bytes()) for image in step_input.images]
    return StepOutput(content=said, images=[Image(content=b"made", name="made.png")])


def after(step_input: StepInput) -> list:
    return [image.name for image in step_input.images]


workflow = Workflow(name="look", steps=[look, after])
"""


async def test_a_worker_is_given_a_runs_media_as_what_they_were_and_a_person_sees_them(
    service: Service, project: Path
):
    write(project, "look", LOOK)
    (project / "cat.png").write_bytes(b"a cat")
    await service.refresh()

    run_id = await service.start(
        "look",
        media=[
            Image(filepath=project / "cat.png", name="cat"),
            Image(content=b"bytes", name="b"),
            Audio(url="https://sounds.example/a.wav"),
        ],
    )
    state = await finish(service, run_id)

    node = state.nodes[NodePath("look/look")]
    assert node.content is not None
    assert node.content.value == [
        *("Image", "Image", "Audio"),
        *(f"{project}/cat.png", "b'bytes'", "https://sounds.example/a.wav"),
        *("b'a cat'", "b'bytes'"),
    ]
    after = state.nodes[NodePath("look/after")]
    assert after.content is not None
    assert after.content.value == ["cat", "b", "made.png"]
    before = service.media_before(state, NodePath("look/after"))
    assert [each.title for each in before] == ["cat", "b", "a.wav", "made.png"]


async def test_a_run_that_is_started_again_is_given_the_same_media(service: Service, project: Path):
    write(project, "look", LOOK)
    (project / "cat.png").write_bytes(b"a cat")
    await service.refresh()
    first = await service.start("look", media=[Image(filepath=project / "cat.png")])
    before = await finish(service, first)
    (project / "cat.png").unlink()

    again = await finish(service, await service.start_again(first))

    path = NodePath("look/look")
    assert again.nodes[path].content == before.nodes[path].content


async def test_a_missing_file_is_refused_before_a_run_is_made(service: Service, project: Path):
    write(project, "look", LOOK)
    await service.refresh()

    with pytest.raises(MediaError, match="there is no such file"):
        await service.start("look", media=[Image(filepath=project / "none.png")])

    assert await service.list_runs() == []


def test_what_is_typed_is_a_url_where_it_looks_like_one_and_else_a_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/somebody")

    media = typed_media(
        {"images": ["a b.png", "https://x.example/c.png", " "], "files": ["~/d", "/e"]}
    )

    assert [each.filepath for each in media] == [
        *(tmp_path / "a b.png", None, Path("/home/somebody/d"), Path("/e"))
    ]
    assert media[1].url == "https://x.example/c.png"
    assert [type(each) for each in media] == [Image, Image, File, File]
    assert typed_media({}) == []
    assert type(typed_media({"videos": ["a"]})[0]) is Video


HOSTILE = [
    ("../../etc/passwd", "passwd.png"),
    ("/etc/passwd", "passwd.png"),
    ("..", "image.png"),
    (".bashrc", "bashrc.png"),
    ("C:\\Windows\\win.ini", "win.ini"),
    ("a\0b\n\x1b[2J.png", "a_b_2J.png"),
    ("-rf", "rf.png"),
    ("con.png", "image_con.png"),
    ("x" * 400 + ".png", "x" * 80 + ".png"),
    ("caf\u00e9 \u202egnp.exe", "caf_gnp.exe"),
    ("$(reboot).sh", "reboot.sh"),
    ("nothing", "nothing.png"),
]


@pytest.mark.parametrize(("name", "safe"), HOSTILE)
def test_a_hostile_name_becomes_a_plain_file_name(name: str, safe: str):
    medium = StoredMedium(kind="image", id="x", name=name, mime_type="image/png")

    stem, suffix = safe_name(medium)

    assert stem + suffix == safe


async def save(service: Service, media: list[StoredMedium], folder: Path) -> list[SavedMedium]:
    return [saved async for saved in service.save_media(media, folder)]


async def run_of(service: Service, project: Path, *media: Image) -> list[StoredMedium]:
    write(project, "look", LOOK)
    await service.refresh()
    state = await finish(service, await service.start("look", media=media))
    return list(service.media_before(state, NodePath("look/after")))


async def test_saving_replaces_no_file_follows_no_link_and_stays_in_its_folder(
    service: Service, project: Path
):
    given = (Image(content=b"1", name="../made.png"), Image(content=b"2", name="made.png"))
    media = await run_of(service, project, *given)
    folder = project / "saved"
    folder.mkdir()
    (folder / "made.png").write_text("mine")
    (folder / "made-2.png").symlink_to(project / "elsewhere.png")

    saved = await save(service, media, folder)

    assert [each.path for each in saved] == [folder / f"made-{n}.png" for n in (3, 4, 5)]
    assert [each.path.read_bytes() for each in saved if each.path] == [b"1", b"2", b"made"]
    assert (folder / "made.png").read_text() == "mine"
    assert not (project / "elsewhere.png").exists()


async def test_what_was_only_referred_to_is_copied_while_it_is_there_and_a_url_is_not_fetched(
    service: Service, project: Path
):
    (project / "big.bin").write_bytes(b"12345")
    place = str(project / "big.bin")
    media = [
        StoredMedium(kind="file", id="1", filepath=place, size=5),
        StoredMedium(kind="file", id="2", filepath=place, size=6),
        StoredMedium(kind="file", id="3", url="http://127.0.0.1:1/x"),
        StoredMedium(kind="file", id="4", digest="0" * 64, size=1),
    ]

    saved = await save(service, media, project / "new" / "folder")

    assert saved[0].path == project / "new" / "folder" / "big.bin"
    assert saved[0].path.read_bytes() == b"12345"
    assert [each.problem.partition(":")[0] for each in saved[1:]] == [
        "only its place was kept, and it changed",
        "a URL, never fetched",
        "its bytes are no longer in the database",
    ]
