"""What holds for every key of every screen and widget."""

import importlib
import inspect
import pkgutil
from collections import defaultdict

from textual.binding import Binding
from textual.dom import DOMNode

import tuiflow.tui

SIDEWAYS = {"fold", "unfold", "left", "right"}  # `h` and `l` go into a tree, or along a line
ANSWERS = {"keep": "no"}


def _bindings() -> dict[str, list[Binding]]:
    found: dict[str, list[Binding]] = {}
    for module_info in pkgutil.walk_packages(tuiflow.tui.__path__, "tuiflow.tui."):
        module = importlib.import_module(module_info.name)
        for name, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, DOMNode) and kind.__module__ == module.__name__:
                own = kind.__dict__.get("BINDINGS", [])
                found[f"{kind.__module__}.{name}"] = list(Binding.make_bindings(own))
    return found


def test_every_binding_has_an_id_and_a_tooltip():
    for owner, bindings in _bindings().items():
        for binding in bindings:
            assert binding.id, (owner, binding)
            assert binding.tooltip, (owner, binding)


def test_an_id_stands_for_one_action_of_one_class():
    owners: dict[str | None, set[tuple[str, str]]] = defaultdict(set)
    for owner, bindings in _bindings().items():
        for binding in bindings:
            owners[binding.id].add((owner, binding.action))

    assert {name: where for name, where in owners.items() if len(where) > 1} == {}


def test_a_letter_means_one_thing_everywhere():
    meanings: dict[str, set[str]] = defaultdict(set)
    for bindings in _bindings().values():
        for binding in bindings:
            verb = (binding.id or "").partition(".")[2]
            for key in binding.key.split(","):
                if len(key) == 1 and key.isalpha() and verb not in SIDEWAYS:
                    meanings[key].add(ANSWERS.get(verb, verb))

    more = {key: verbs for key, verbs in meanings.items() if len(verbs) > 1}
    assert more == {"n": {"no", "new", "find_next"}, "y": {"yes", "copy"}}


def test_c_and_d_mean_harm_elsewhere_and_are_not_bound():
    keys = {
        key
        for bindings in _bindings().values()
        for binding in bindings
        for key in binding.key.split(",")
    }

    assert not keys & {"c", "d"}


def test_keys_that_terminals_take_for_themselves_are_never_the_only_way():
    taken = {f"ctrl+{letter}" for letter in "hijklmqsz"}
    keys: dict[str | None, set[str]] = defaultdict(set)
    for bindings in _bindings().values():
        for binding in bindings:
            keys[binding.id].add(binding.key)

    assert {name for name, some in keys.items() if not some - taken} == set()
