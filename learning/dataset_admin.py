"""Market data in the workshop: upload, replace, make up, look."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from learning import market_data
from learning.dataset_forms import DatasetForm, MadeUpDatasetForm
from learning.mentions import gates_that_name
from learning.models import Dataset
from learning.workshop_lists import held_back, listed_gates

GENERATE = "learning_dataset_generate"  # the form that makes prices from a seed
ABOUT = ("title", "symbol", "timeframe", "price_decimals", "volume_unit")
WORDS_OF_RECIPE = {
    "seed": _("seed"),
    "bars": _("bars"),
    "start": _("first day"),
    "start_price": _("price at the beginning"),
    "drift": _("drift a year"),
    "volatility": _("volatility a year"),
    "regime_bars": _("bars of a regime"),
    "volume": _("volume of a usual bar"),
}
SHARES = ("drift", "volatility")


@admin.register(Dataset)
class DatasetAdmin(admin.ModelAdmin[Dataset]):
    list_display = ("code", "title", "timeframe", "bar_count", "synthetic", "source")
    list_filter = ("timeframe", "synthetic")
    search_fields = ("code", "title", "symbol")
    ordering = ("code",)
    list_per_page = 50

    class Media:
        css = {"all": ("css/chart.css",)}

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.add_view)
        return [path("generate/", view, name=GENERATE), *super().get_urls()]

    def get_form(
        self, request: HttpRequest, obj: Dataset | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[Dataset]]:
        kwargs["form"] = MadeUpDatasetForm if _makes_up(request, obj) else DatasetForm
        return super().get_form(request, obj, change, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Dataset | None = None) -> tuple[str, ...]:
        return ("code", "bar_count", "span", "gaps", "made_from", "used_by", "picture") if obj else ()

    def get_fieldsets(self, request: HttpRequest, obj: Dataset | None = None) -> Any:
        if obj:
            return self._of_one(obj)[: None if self.has_change_permission(request, obj) else -1]
        if _makes_up(request, obj):
            recipe = [name for name in MadeUpDatasetForm.declared_fields if name not in ABOUT]
            words = _link(
                _("Prices that no market ever had. Every chart of them says so."),
                reverse("admin:learning_dataset_add"),
                _("Upload a file instead"),
            )
            return [
                (None, {"fields": ["code", *ABOUT], "description": words}),
                (_("How the prices move"), {"fields": recipe}),
            ]
        words = _link(
            _("Prices from a CSV file."), reverse(f"admin:{GENERATE}"), _("Make them up from a seed instead")
        )
        origin = ["source", "ground_of_use", "synthetic", "file"]
        return [(None, {"fields": ["code", *ABOUT], "description": words}), (_("Prices"), {"fields": origin})]

    def _of_one(self, dataset: Dataset) -> list[Any]:
        facts = ["bar_count", "span", "gaps", *(["made_from"] if dataset.recipe else []), "used_by"]
        replaced = _(
            "A new file takes the place of all bars. Published lessons keep the charts they were rendered "
            "with, until they are published again."
        )
        return [
            (_("The bars"), {"fields": ["picture", *facts]}),
            (None, {"fields": ["code", *ABOUT, "source", "ground_of_use", "synthetic"]}),
            (_("Replace the bars"), {"fields": ["file"], "description": replaced}),
        ]

    def save_model(self, request: HttpRequest, obj: Dataset, form: Any, change: bool) -> None:
        market_data.keep(obj, form.prices)

    def get_deleted_objects(self, objs: Iterable[Model], request: HttpRequest) -> Any:
        """One line a data set, not one a bar; those that gates show are held back."""
        datasets = [one for one in objs if isinstance(one, Dataset)]
        counted = {
            Dataset._meta.verbose_name_plural: len(datasets),
            _("price bars"): sum(one.bar_count for one in datasets),
        }
        lacking = set() if self.has_delete_permission(request) else {Dataset._meta.verbose_name}
        return [str(one) for one in datasets], counted, lacking, held_back("dataset", datasets)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Dataset]) -> None:
        for dataset in queryset:
            self.delete_model(request, dataset)

    @admin.display(description=_("first and last"))
    def span(self, dataset: Dataset) -> str:
        known = market_data.facts(dataset)
        if not known.first or not known.last:
            return "–"
        return gettext("%(first)s to %(last)s UTC") % {
            "first": f"{known.first:%Y-%m-%d %H:%M}",
            "last": f"{known.last:%Y-%m-%d %H:%M}",
        }

    @admin.display(description=_("gaps"))
    def gaps(self, dataset: Dataset) -> str:
        known = market_data.facts(dataset)
        if not known.gaps:
            return gettext("none longer than weekends and holidays explain")
        listed = format_html_join(
            "", "<li>{} – {} UTC</li>",
            ((f"{gap.after:%Y-%m-%d %H:%M}", f"{gap.until:%Y-%m-%d %H:%M}") for gap in known.longest),
        )  # fmt: skip
        words = ngettext(
            "%(n)d pause longer than weekends and holidays explain; the longest:",
            "%(n)d pauses longer than weekends and holidays explain; the longest:",
            known.gaps,
        )
        return format_html("{}<ul>{}</ul>", words % {"n": known.gaps}, listed)

    @admin.display(description=_("made from"))
    def made_from(self, dataset: Dataset) -> str:
        recipe = dataset.recipe or {}
        shown = recipe | {
            name: f"{(Decimal(recipe[name]) * 100).normalize():f} %" for name in SHARES if name in recipe
        }
        parts = [(word, shown[name]) for name, word in WORDS_OF_RECIPE.items() if name in shown]
        return format_html_join(", ", "{} {}", parts)

    @admin.display(description=_("used by"))
    def used_by(self, dataset: Dataset) -> str:
        return listed_gates(gates_that_name("dataset", dataset.pk))

    @admin.display(description=_("the last bars"))
    def picture(self, dataset: Dataset) -> str:
        drawn = market_data.picture_of_the_end(dataset, gettext("The last bars of this data set."))
        html = '<div class="chart"><div class="chart-box"><div class="chart-still">{}</div></div></div>'
        return format_html(html, drawn) if drawn else "–"


def _makes_up(request: HttpRequest, dataset: Dataset | None) -> bool:
    match = request.resolver_match
    return dataset is None and match is not None and match.url_name == GENERATE


def _link(words: Any, url: str, label: Any) -> SafeString:
    return format_html('{} <a href="{}">{}</a>.', words, url, label)
