"""What holds for every key of every screen and widget."""

import importlib
import inspect
import pkgutil
from collections import defaultdict

from textual.binding import Binding
from textual.dom import DOMNode

import tuiflow.tui
from tuiflow.tui.keymap import DIALOG_KEYS

MOVES = {"lines", "steps", "events", "runs"}  # the same movement in each kind of pane


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
            assert binding.id is not None
            group, _, verb = binding.id.partition(".")
            is_letter = len(binding.key) == 1 and binding.key.isalpha()
            if is_letter and binding.key not in DIALOG_KEYS and group not in MOVES:
                meanings[binding.key].add(verb)

    assert {key: words for key, words in meanings.items() if len(words) > 1} == {}


def test_c_and_d_mean_harm_elsewhere_and_are_not_bound():
    keys = {
        key
        for bindings in _bindings().values()
        for binding in bindings
        for key in binding.key.split(",")
    }

    assert not keys & {"c", "d"}
