"""Functions and modules stay small enough to be read at once, and every public thing says what it is."""

import ast

from tests.architecture.source import functions, modules, named, tree

LONGEST_FUNCTION = 40
LONGEST_MODULE = 250
# None: whatever grows past the limit is taken apart instead of listed here.
TOO_LONG_FUNCTIONS: set[str] = set()
TOO_LONG_MODULES: set[str] = set()


def test_no_function_is_longer_than_a_screen() -> None:
    found = {
        f"{named(path)}:{function.name}"
        for path in modules()
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno + 1 > LONGEST_FUNCTION
    }
    assert found == TOO_LONG_FUNCTIONS


def test_no_module_is_longer_than_what_fits_a_head() -> None:
    found = {
        named(path)
        for path in modules()
        if sum(bool(line.strip()) for line in path.read_text("utf-8").splitlines()) > LONGEST_MODULE
    }
    assert found == TOO_LONG_MODULES


def test_every_function_is_annotated() -> None:
    bare = {
        f"{named(path)}:{function.name}"
        for path in modules()
        for function in functions(path)
        # The preflight has to be readable by whatever Python it finds, however old.
        if function.returns is None and path.stem != "preflight"
    }
    assert bare == set()


def test_public_functions_of_domain_modules_say_what_they_do() -> None:
    interfaces = {"apps", "urls", "admin"}
    silent = {
        f"{named(path)}:{node.name}"
        for path in modules()
        if path.stem not in interfaces and "management" not in path.parts and "backend" not in path.parts
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and len(node.body) > 3
        and ast.get_docstring(node) is None
    }
    assert silent == set()


def test_nothing_unfinished_is_left_behind() -> None:
    words = ("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")
    found = {
        f"{named(path)}: {word}" for path in modules() for word in words if word in path.read_text("utf-8")
    }
    assert found == set()
