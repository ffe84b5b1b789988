"""The house's floors, where the import linter cannot look: relations between tables, names and labels."""

from configparser import ConfigParser
from itertools import chain

import pytest
from django.apps import apps
from django.db.models import Field, Model

from tests.architecture.source import APPS, ROOT, modules, named

FORBIDDEN_NAMES = {"utils", "helpers", "services", "managers", "signals", "common", "misc"}


def floors() -> dict[str, int]:
    """The floor of each app, counted from the top, as the import linter's first contract has it."""
    contracts = ConfigParser()
    contracts.read(ROOT / ".importlinter", "utf-8")
    layers = contracts["importlinter:contract:floors"]["layers"].split("\n")
    rows = [line.replace("(", " ").replace(")", " ") for line in layers if line.strip()]
    return {
        package.strip(): number
        for number, row in enumerate(rows)
        for package in row.replace(":", "|").split("|")
    }


def app_of(model: type[Model]) -> str:
    return model.__module__.split(".")[0]


def relations() -> list[tuple[type[Model], str, type[Model]]]:
    """Every relation that one of our models declares: foreign key, one to one, many to many."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        if app_of(model) not in APPS and not model._meta.auto_created:
            continue
        own: chain[Field[object, object]] = chain(model._meta.local_fields, model._meta.local_many_to_many)
        for field in own:
            target = field.related_model
            if field.is_relation and isinstance(target, type):
                found.append((model, field.name, target))
    return found


def test_the_walker_sees_the_relations_of_every_app() -> None:
    seen = {app_of(model) for model, _, _ in relations()}
    assert seen >= set(APPS)
    assert len(relations()) > 25


def test_the_contract_names_every_app_once() -> None:
    assert set(APPS) <= set(floors())


def test_no_relation_points_up() -> None:
    floor = floors()
    upward = [
        f"{model._meta.label}.{name} → {target._meta.label}"
        for model, name, target in relations()
        if app_of(model) in floor
        and app_of(target) in floor
        and app_of(model) != app_of(target)
        and floor[app_of(target)] <= floor[app_of(model)]
    ]
    assert upward == []


def test_a_relation_upward_would_be_found() -> None:
    floor = floors()
    assert floor["learning"] < floor["gamification"] == floor["billing"] < floor["accounts"]
    assert floor["community"] == floor["sessions"] < floor["learning"]


def test_migrations_depend_downward_only() -> None:
    from django.db.migrations.loader import MigrationLoader

    floor = {**floors(), "live_sessions": floors()["sessions"]}
    upward = [
        f"{app}.{name} → {needed}"
        for (app, name), migration in MigrationLoader(None).disk_migrations.items()
        for needed, _ in migration.dependencies
        if app in floor and needed in floor and app != needed and floor[needed] <= floor[app]
    ]
    assert upward == []


def test_live_sessions_has_a_label_of_its_own() -> None:
    assert apps.get_app_config("live_sessions").name == "sessions"
    assert apps.get_app_config("sessions").name == "django.contrib.sessions"
    assert apps.get_model("live_sessions", "LiveSession").__module__.startswith("sessions.")


@pytest.mark.parametrize("app", APPS)
def test_every_app_says_what_it_is(app: str) -> None:
    first = (ROOT / app / "__init__.py").read_text("utf-8").splitlines()[0]
    assert first.startswith('"""')
    assert first.endswith('."""')


def test_modules_are_named_for_what_they_know() -> None:
    # The servers' own `signals` is about those of the operating system.
    found = [path for path in modules() if path.stem in FORBIDDEN_NAMES and "servers" not in path.parts]
    assert [named(path) for path in found] == []


def test_no_app_listens_to_signals_of_its_own() -> None:
    # ruff refuses the imports; this refuses the receiver in any other spelling.
    found = [named(path) for path in modules() if "@receiver" in path.read_text("utf-8")]
    assert found == []
