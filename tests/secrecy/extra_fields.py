"""Fields that no form asked for, posted along with what it did ask for."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import Resolver404, resolve

from tests.amounts import FULL
from tests.secrecy.crawler import Request, Shown
from tests.secrecy.pages import read
from tests.secrecy.personal import of_persons

NEVER_A_FIELD = ("pk", "id", "_state", "__class__", "__dict__", "user.is_staff", "role", "xp", "plan", "team")


@cache
def extra_fields(foreign: uuid.UUID) -> dict[str, str]:
    """Every column of every model with a value that would matter, plain and as frameworks spell them."""
    plain = dict.fromkeys(NEVER_A_FIELD, str(foreign))
    spelled: dict[str, str] = {}
    persons = {model for model, _ in of_persons()}
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            value, name = _value(field, foreign), f"{model._meta.model_name}"
            plain |= dict.fromkeys((field.name, field.attname), value)
            if FULL or model in persons:
                spelled |= {f"{name}.{field.name}": value, f"{name}[{field.name}]": value}
    return plain | spelled


def _value(field: Any, foreign: uuid.UUID) -> str:
    if isinstance(field, models.BooleanField):
        return "on"
    if isinstance(field, models.DateTimeField):
        return "2099-01-01T00:00:00Z"
    if isinstance(field, models.DateField):
        return str(dt.date(2099, 1, 1))
    if isinstance(field, models.IntegerField | models.DecimalField | models.DurationField):
        return "99"
    if isinstance(field, models.JSONField):
        return "{}"
    return str(field.choices[-1][0]) if field.choices else str(foreign)


def owned_by_path(seen: list[Shown]) -> dict[str, set[str]]:
    """The fields that the forms of these pages own, by the path that they are sent to."""
    owned: dict[str, set[str]] = {}
    for shown in seen:
        headers = dict(shown.headers)
        _, forms = read(shown.request.address, shown.body, headers.get("Content-Type", ""), headers)
        for form in forms:
            owned.setdefault(_path(form.action), set()).update(form.names)
    return owned


def with_more(request: Request, fields: Mapping[str, str]) -> Request:
    return replace(request, data=(*request.data, *fields.items()))


def extra_to(request: Request, owned: Mapping[str, set[str]], foreign: uuid.UUID) -> dict[str, str]:
    """The fields to post along with this request: all but those that its form owns."""
    own = owned.get(_path(request.address), set()) | {name for name, _ in request.data}
    return {name: value for name, value in extra_fields(foreign).items() if name not in own}


def chunks(fields: Mapping[str, str], room: int) -> Iterator[dict[str, str]]:
    """As many at once as a post may hold."""
    items, most = list(fields.items()), settings.DATA_UPLOAD_MAX_NUMBER_FIELDS - room
    for start in range(0, len(items), most):
        yield dict(items[start : start + most])


def view_name(request: Request) -> str:
    try:
        return resolve(_path(request.address)).view_name
    except Resolver404:
        return request.address


def _path(address: str) -> str:
    return address.partition("?")[0]
