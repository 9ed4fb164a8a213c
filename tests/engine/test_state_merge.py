import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tuiflow.engine.state_merge import Branch, merge_branches
from tuiflow.errors import SessionStateError

State = dict[str, object]


def merged(base: State, *states: State) -> State:
    return merge_branches(base, [Branch(f"b{at}", state) for at, state in enumerate(states)])


def refused(base: State, *states: State) -> str:
    with pytest.raises(SessionStateError) as caught:
        merged(base, *states)
    return str(caught.value)


def test_what_one_branch_changed_is_kept_whatever_the_others_left_alone():
    base = {"a": 1, "b": 2}

    assert merged(base, {"a": 1, "b": 3}, base) == {"a": 1, "b": 3}
    assert merged(base, base, {"a": 1, "b": 2, "c": 4}) == {"a": 1, "b": 2, "c": 4}
    assert merged(base, {"a": 1}, base) == {"a": 1}


def test_equal_values_are_no_conflict():
    assert merged({"a": 1}, {"a": 2}, {"a": 2}) == {"a": 2}
    assert merged({}, {"a": [1]}, {"a": [1]}) == {"a": [1]}
    assert merged({"a": 1}, {}, {}) == {}


def test_lists_several_branches_only_appended_to_are_joined_in_declaration_order():
    assert merged({"a": [0]}, {"a": [0, 1]}, {"a": [0, 2, 3]}) == {"a": [0, 1, 2, 3]}
    assert merged({}, {"a": [1]}, {"a": [2]}) == {"a": [1, 2]}
    assert merged({"a": [0]}, {"a": [0, 1]}, {"a": [0, 1]}) == {"a": [0, 1, 1]}


def test_dicts_merge_one_level_down():
    base = {"a": {"x": 1, "list": [0]}}
    one = {"a": {"x": 2, "list": [0, 1]}}
    other = {"a": {"x": 1, "y": 3, "list": [0, 2]}}

    assert merged(base, one, other) == {"a": {"x": 2, "list": [0, 1, 2], "y": 3}}
    assert merged({}, {"a": {"x": 1}}, {"a": {"y": 2}}) == {"a": {"x": 1, "y": 2}}
    assert "session_state['a.d']" in refused(
        {"a": {"d": {}}}, {"a": {"d": {"x": 1}}}, {"a": {"d": {"y": 2}}}
    )


@pytest.mark.parametrize(
    ("base", "one", "other", "key"),
    [
        ({"a": 1}, {"a": 2}, {"a": 3}, "a"),
        ({"a": 1}, {}, {"a": 2}, "a"),
        ({"a": 1}, {"a": 0}, {"a": False}, "a"),
        ({"a": [1]}, {"a": [2]}, {"a": [1, 3]}, "a"),
        ({"a": {"x": 1}}, {"a": {"x": 2}}, {"a": {"x": 3}}, "a.x"),
        ({"a": {"x": 1}}, {"a": [1]}, {"a": {"x": 3}}, "a"),
        ({}, {"a": {1: True}}, {"a": {1: 1}}, "a.1"),
    ],
)
def test_anything_else_is_an_error_naming_the_key_and_both_branches(
    base: State, one: State, other: State, key: str
):
    said = refused(base, base, one, other)

    assert said == f"session_state['{key}'] was changed in two ways: by b1 and by b2"


# The machine may be busy: how long an example takes says nothing.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

keys = st.sampled_from("abcd")
scalars = st.integers(0, 3) | st.booleans() | st.none() | st.text(max_size=2)
values = (
    scalars
    | st.lists(scalars, max_size=3)
    | st.dictionaries(st.sampled_from("xyz"), scalars, max_size=3)
)
states = st.dictionaries(keys, values, max_size=4)


@unhurried
@given(states, st.lists(states, min_size=1, max_size=3), st.randoms())
def test_a_merge_is_the_same_in_any_order_but_for_the_order_of_what_was_appended(
    base: State, branches: list[State], chance
):
    turned = branches[:]
    chance.shuffle(turned)

    assert _outcome(base, branches) == _outcome(base, turned)


@unhurried
@given(states, st.lists(states, min_size=1, max_size=3))
@example({"a": [0, None]}, [{"a": [0]}, {"a": [0]}, {"a": [0, None]}])
def test_a_merge_never_loses_a_change_that_no_other_branch_made(base: State, branches: list[State]):
    try:
        result = merged(base, *branches)
    except SessionStateError:
        return
    for key in {*base, *result, *(key for state in branches for key in state)}:
        before = _at(base, key)
        changes = [_at(state, key) for state in branches if _at(state, key) != before]
        if not changes:
            assert _at(result, key) == before
        elif len(changes) == 1:
            assert _at(result, key) == changes[0]
        elif isinstance(result.get(key), list):
            # Nothing that anybody appended is missing; who changed nothing has no say.
            joined = [repr(item) for item in result[key]]  # type: ignore[union-attr]
            lists = [each for each in changes if isinstance(each, list)]
            assert all(repr(item) in joined for each in lists for item in each)


def test_branches_of_any_number_cost_no_more_than_their_number():
    base = {"log": []}
    states = [{"log": [number], f"k{number}": number} for number in range(500)]

    result = merged(base, *states)

    assert result["log"] == list(range(500))
    assert len(result) == 501


def _at(state: State, key: str) -> tuple[bool, str]:
    # By its text: True is no 1.
    return key in state, repr(state.get(key))


def _outcome(base: State, states: list[State]) -> object:
    try:
        return {key: _unordered(value) for key, value in merged(base, *states).items()}
    except SessionStateError:
        return "refused"


def _unordered(value: object) -> object:
    if isinstance(value, dict):
        return {key: _unordered(each) for key, each in value.items()}
    return sorted(map(repr, value)) if isinstance(value, list) else repr(value)
