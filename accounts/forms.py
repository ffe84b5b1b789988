"""What people tell about themselves."""

import zoneinfo
from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from accounts.models import Experience, Goal
from accounts.models.profile import check_timezone

# Old names, offsets and abbreviations that no person would look for.
HIDDEN_AREAS = ("Etc/", "SystemV/", "US/", "posix/", "right/", "Brazil/", "Canada/", "Chile/", "Mexico/")


@cache
def timezone_choices() -> list[tuple[str, str | list[tuple[str, str]]]]:
    """Every place of the IANA database by continent, UTC first."""
    areas: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(zoneinfo.available_timezones()):
        if "/" in name and not name.startswith(HIDDEN_AREAS):
            area, place = name.split("/", 1)
            areas.setdefault(area, []).append((name, place.replace("_", " ")))
    return [("UTC", "UTC"), *areas.items()]


class PlaceSelect(forms.Select):
    """Some 400 options, joined here: a template for each of them was most of the page's cost."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        attributes = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        chosen = format_html('value="{}"', value)
        options = _options().replace(chosen, f"{chosen} selected", 1) if value else _options()
        return format_html("<select{}>{}</select>", attributes, mark_safe(options))  # noqa: S308  (all escaped)


@cache
def _options() -> str:
    """The places as HTML, none of them chosen."""
    (utc, *areas), option = timezone_choices(), '<option value="{}">{}</option>'
    groups = (
        (area, format_html_join("", option, places)) for area, places in areas if not isinstance(places, str)
    )
    return format_html(option, *utc) + format_html_join("", '<optgroup label="{}">{}</optgroup>', groups)


class TimezoneField(forms.ChoiceField):
    """A place; the browser's own zone is accepted under any of its names."""

    def __init__(self, **kwargs: Any) -> None:
        widget = PlaceSelect(attrs={"data-detect": "timezone"})
        super().__init__(
            choices=timezone_choices,
            widget=widget,
            label=_("Time zone"),
            help_text=_("Your streak and all times follow it."),
            error_messages={"required": _("Choose your time zone")},
            **kwargs,
        )

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)
        check_timezone(value)


class _AboutYouForm(forms.Form):
    full_name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("Shown on the boards and in the community. It need not be your real one."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
        error_messages={"required": _("Enter the name that others may see")},
    )
    timezone = TimezoneField()
    trading_experience = forms.ChoiceField(
        label=_("Experience"),
        choices=Experience.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how much you have traded")},
    )
    trading_goals = forms.MultipleChoiceField(
        label=_("Goals"),
        choices=Goal.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("As many as you like."),
    )

    # The text beside a field says what to do; the browser's own bubbles would say it first and worse.
    use_required_attribute = False


class WelcomeForm(_AboutYouForm):
    """The first page after signing up: terms, risk, and the first things about you."""

    accept_terms = forms.BooleanField(
        label=_(
            "I accept the terms. I understand that this is education, not advice, that trading is risky, "
            "and that most short-term retail traders lose money."
        ),
        error_messages={"required": _("Accept the terms to go on")},
    )
    field_order = ["full_name", "timezone", "trading_experience", "trading_goals", "accept_terms"]


class ProfileForm(_AboutYouForm):
    bio = forms.CharField(
        label=_("About you"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Up to 500 characters."),
    )
    preferred_language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("English is the only one so far; your choice is kept for when there are more."),
    )
    field_order = [
        "full_name",
        "bio",
        "timezone",
        "preferred_language",
        "trading_experience",
        "trading_goals",
    ]
