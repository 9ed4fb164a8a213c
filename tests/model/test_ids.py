from hypothesis import given
from hypothesis import strategies as st

from tuiflow.model.ids import (
    NodePath,
    child_path,
    display_path,
    encode_name,
    is_within,
    new_run_id,
    nth_segment,
    parent_path,
    path_name,
    root_path,
    sibling_segments,
    step_name,
    upwards,
)

names = st.text(min_size=1, max_size=20)


@given(names, names)
def test_a_name_comes_back_from_its_path(workflow: str, step: str):
    path = child_path(root_path(workflow), encode_name(step))

    assert path_name(path) == step
    assert parent_path(path) == root_path(workflow)
    assert path.count("/") == 1


@given(names, st.integers(1, 30))
def test_the_authors_name_comes_back_whichever_of_its_siblings_it_is(name: str, count: int):
    path = child_path(root_path("w"), nth_segment(name, count))

    assert step_name(path) == name
    assert step_name(NodePath(f"{path}[3]")) == f"{name}[3]"


@given(st.lists(names, max_size=6))
def test_siblings_never_share_a_segment(siblings: list[str]):
    segments = sibling_segments(siblings)

    assert len(set(segments)) == len(siblings)


def test_an_iterations_parent_is_its_loop():
    loop = child_path(root_path("w"), "l")

    turn = NodePath(f"{loop}[3]")

    assert parent_path(turn) == loop
    assert parent_path(root_path("w")) is None
    assert display_path(child_path(turn, "a%2Fb")) == "w › l[3] › a/b"


def test_ids_sort_by_the_time_they_were_made():
    ids = [new_run_id() for _ in range(50)]

    assert ids == sorted(ids)


def test_a_node_stands_in_all_that_is_above_it_and_in_nothing_else():
    path = NodePath("w/again[3]/if/else/b~2[1]/c")

    above = list(upwards(path))

    assert above == [
        path,
        "w/again[3]/if/else/b~2[1]",
        "w/again[3]/if/else/b~2",
        "w/again[3]/if/else",
        "w/again[3]/if",
        "w/again[3]",
        "w/again",
        "w",
    ]
    assert all(is_within(path, each) for each in above)
    for beside in ("w/again[30]", "w/ag", "w/again[3]/if/else/b~2[1]/c/d", "v"):
        assert not is_within(path, NodePath(beside))
