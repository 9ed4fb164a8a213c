import math
from pathlib import Path

import pytest

from tuiflow import Audio, File, Image, Video
from tuiflow.errors import MediaError
from tuiflow.model.content import decode_content, encode_content
from tuiflow.model.media import MOST_BYTES, Medium, by_kind
from tuiflow.model.plain_json import plain_json
from tuiflow.model.stored_medium import StoredMedium

KINDS = [Image, Video, Audio, File]


@pytest.mark.parametrize("kind", KINDS)
def test_a_medium_is_made_of_a_url_a_path_or_bytes(kind: type[Medium]):
    assert kind(url="https://pictures.example/cat.png").url == "https://pictures.example/cat.png"
    assert kind(filepath="cat.png").filepath == Path("cat.png")
    assert kind(content=b"x").content == b"x"
    assert kind(content=bytearray(b"x")).content == b"x"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "takes exactly one of url, filepath and content: got none"),
        ({"url": "a://b", "content": b""}, "got url and content"),
        ({"filepath": "a", "url": "a://b", "content": b""}, "got url and filepath and content"),
        ({"url": "cat.png"}, "url='cat.png' is no URL: write filepath= for a file"),
        ({"url": 3}, "url= takes text, not 3"),
        ({"filepath": ""}, "filepath= takes a path, not ''"),
        ({"filepath": b"cat.png"}, "filepath= takes a path"),
        ({"filepath": "caf\udce9"}, "is no Unicode text"),
        ({"content": "text"}, "content= takes bytes, not 'text'"),
        ({"content": b"x", "mime_type": "png"}, "is a type such as image/png, not 'png'"),
        ({"content": b"x", "name": ""}, "name= takes text, not ''"),
        ({"content": b"x", "name": "x" * 9000}, "name= has more than 8192 characters"),
        ({"content": b"x", "id": 7}, "id= takes text, not 7"),
    ],
)
def test_what_cannot_be_a_medium_is_refused_at_construction_in_one_sentence(
    given: dict[str, object], said: str
):
    with pytest.raises(MediaError) as refused:
        Image(**given)  # type: ignore[arg-type]

    assert str(refused.value).startswith("Image ")
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_more_bytes_than_are_kept_are_to_be_given_as_a_file():
    with pytest.raises(MediaError, match="more than 64 MiB: write filepath= for a file"):
        Video(content=bytes(MOST_BYTES + 1))


def test_a_medium_without_a_type_has_the_one_its_name_says():
    assert Image(filepath="cat.PNG").mime_type == "image/png"
    assert Image(url="https://pictures.example/cat.jpeg?size=3").mime_type == "image/jpeg"
    assert Audio(content=b"x", format="wav").mime_type in {"audio/x-wav", "audio/wav"}
    assert File(content=b"x", name="a.pdf").mime_type == "application/pdf"
    assert File(content=b"x").mime_type is None
    assert Image(filepath="cat.png", mime_type="image/webp").mime_type == "image/webp"


def test_every_medium_has_an_id_of_its_own_unless_it_is_given_one():
    assert Image(content=b"x").id != Image(content=b"x").id
    assert Image(content=b"x", id="cover").id == "cover"
    assert Image(content=b"x", id="cover") == Image(content=b"x", id="cover")
    assert Image(content=b"x", id="cover") != File(content=b"x", id="cover")


def test_the_bytes_of_a_path_are_read_when_they_are_asked_for(tmp_path: Path):
    image = Image(filepath=tmp_path / "cat.png")
    with pytest.raises(MediaError, match="No such file"):
        image.get_content_bytes()

    (tmp_path / "cat.png").write_bytes(b"a cat")

    assert image.get_content_bytes() == b"a cat"
    assert image.content is None


def test_a_url_is_a_reference_and_never_fetched():
    image = Image(url="http://127.0.0.1:1/cat.png")

    assert image.content is None
    with pytest.raises(MediaError, match="a reference and never fetched"):
        image.get_content_bytes()


def test_a_medium_that_was_handed_on_counts_once():
    one, other = Image(content=b"1"), Image(content=b"1")

    assert by_kind([one, other, one]) == {"images": [one, other]}


@pytest.mark.parametrize("kind", KINDS)
def test_a_medium_inside_a_content_comes_back_as_what_it_was(kind: type[Medium]):
    given = {"pictures": [kind(content=b"\x00\xff", name="n"), kind(url="a://b"), math.pi]}

    again = decode_content(encode_content(given).stored)

    assert again == given


def test_a_person_reads_of_a_medium_inside_a_content_no_bytes():
    stored = encode_content(Image(content=b"\x00", id="a", name="n")).stored

    assert plain_json(stored.value) == {"id": "a", "name": "n"}
    assert stored.type == "image"


def test_a_restored_medium_reads_its_bytes_when_they_are_asked_for_and_once():
    asked: list[int] = []

    def read() -> bytes:
        asked.append(1)
        return b"kept"

    medium = Medium.restore(StoredMedium(kind="audio", id="a", digest="d", size=4), read)

    assert (type(medium), asked) == (Audio, [])
    assert (medium.content, medium.content) == (b"kept", b"kept")
    assert asked == [1]
