"""Media as fields of the models that inputs and outputs are."""

from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from tuiflow import File, Image, StepInput, Workflow
from tuiflow.errors import InputError


class Post(BaseModel):
    picture: Image
    notes: list[File] = []


def hand_on(step_input: StepInput) -> Post:
    return step_input.input


@pytest.mark.parametrize(
    ("given", "is_read"),
    [
        ("cat.png", {"filepath": Path("cat.png")}),
        (Path("cat.png"), {"filepath": Path("cat.png")}),
        ("https://p.example/cat.png", {"url": "https://p.example/cat.png"}),
        ({"url": "https://p.example/cat.png"}, {"url": "https://p.example/cat.png"}),
        (Image(content=b"png"), {"content": b"png"}),
    ],
)
def test_a_field_takes_a_medium_a_path_a_url_or_its_json(given: object, is_read: dict[str, object]):
    picture = Post.model_validate({"picture": given}).picture

    assert isinstance(picture, Image)
    assert {name: getattr(picture, name) for name in is_read} == is_read


@pytest.mark.parametrize("given", [3, "", {"url": "nowhere"}, {"path": "x"}, File(content=b"x")])
def test_a_field_says_what_it_takes_where_a_value_is_no_medium(given: object):
    with pytest.raises(ValidationError) as refused:
        Post.model_validate({"picture": given})

    (error,) = refused.value.errors()
    assert error["loc"] == ("picture",)


def test_a_model_with_media_is_json_and_comes_back_equal():
    post = Post(picture=Image(content=b"png"), notes=[File(filepath="n.txt")])

    assert Post.model_validate_json(post.model_dump_json()) == post


def test_the_schema_of_a_field_is_text_so_that_a_form_can_ask_for_it():
    assert Post.model_json_schema()["properties"]["picture"]["type"] == "string"


def test_a_run_is_given_media_in_its_input_model_and_its_output_keeps_them(tmp_path: Path):
    workflow = Workflow(name="w", db=tmp_path / "runs.db", input_schema=Post, steps=[hand_on])
    post = Post(picture=Image(content=b"png"), notes=[File(url="https://p.example/n.txt")])

    output = workflow.run(post)

    assert output.content is post
    kept = workflow.get_run(output.run_id)
    assert kept is not None
    assert kept.content == post
    with pytest.raises(InputError, match=r"picture: .*takes a path or a URL"):
        workflow.run({"picture": 3})
