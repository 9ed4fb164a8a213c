import pytest
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from tuiflow.errors import InputError
from tuiflow.model.outline import NodeKind, Outline, WorkflowOutline
from tuiflow.service.starting import check_input


class Report(BaseModel):
    model_config = ConfigDict(extra="forbid")

    folder: str
    limit: int = 3


class Named(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    folder: str = Field(alias="dir")


class Free(BaseModel):
    limit: int = 3


def outline(model: type[BaseModel] | None) -> WorkflowOutline:
    root = Outline(kind=NodeKind.WORKFLOW, name="report", segment="report")
    schema = model.model_json_schema() if model else None
    return WorkflowOutline(name="report", root=root, input_schema=schema)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (None, "the input of 'report' needs 'folder'"),
        ({"limit": 1}, "the input of 'report' needs 'folder'"),
        ({"folder": ".", "depth": 1}, "has no 'depth': it has folder, limit"),
        ("some words", "is a JSON object, not the text 'some words'"),
        ('{"limit": 1}', "needs 'folder'"),
        ([1], r"is a JSON object, not \[1\]"),
        (7, "is a JSON object, not 7"),
    ],
)
def test_an_input_that_cannot_fit_is_refused_in_one_sentence(given: JsonValue, says: str):
    with pytest.raises(InputError, match=says):
        check_input(outline(Report), given)


@pytest.mark.parametrize("given", [{"folder": "."}, '{"folder": ".", "limit": 2}'])
def test_an_input_with_the_right_fields_is_left_to_the_model(given: JsonValue):
    check_input(outline(Report), given)


def test_a_field_given_by_its_name_where_the_schema_has_its_alias_is_left_to_the_model():
    check_input(outline(Named), {"folder": "."})


def test_no_input_will_do_where_every_field_has_a_default():
    check_input(outline(Free), None)


@pytest.mark.parametrize("given", [None, "words", 7, {"any": "thing"}])
def test_a_workflow_without_a_schema_takes_anything(given: JsonValue):
    check_input(outline(None), given)
