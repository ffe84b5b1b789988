"""Figures in the workshop: upload, replace, look."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from learning import figures
from learning.figure_forms import FigureForm
from learning.mentions import gates_that_name
from learning.models import Figure
from learning.workshop_lists import held_back, listed_gates

WORDS = ("title", "alt", "source", "ground_of_use")


@admin.register(Figure)
class FigureAdmin(admin.ModelAdmin[Figure]):
    form = FigureForm
    list_display = ("code", "title", "width", "height", "source", "updated_at")
    search_fields = ("code", "title", "alt")
    ordering = ("code",)
    list_per_page = 50
    view_on_site = False  # the picture itself stands on the page

    def get_readonly_fields(self, request: HttpRequest, obj: Figure | None = None) -> tuple[str, ...]:
        return ("code", "shown", "measures", "used_by") if obj else ()

    def get_fieldsets(self, request: HttpRequest, obj: Figure | None = None) -> Any:
        if obj is None:
            return [(None, {"fields": ["code", *WORDS, "file"]})]
        words = _(
            "Published lessons keep the picture and the words they were rendered with, until they are "
            "published again."
        )
        replaced = [(_("Replace the picture"), {"fields": ["file"]})]
        return [
            (None, {"fields": ["shown", "measures", "used_by", "code", *WORDS], "description": words}),
            *(replaced if self.has_change_permission(request, obj) else []),
        ]

    def save_model(self, request: HttpRequest, obj: Figure, form: Any, change: bool) -> None:
        figures.keep(obj, form.picture)

    def get_deleted_objects(self, objs: Iterable[Model], request: HttpRequest) -> Any:
        """Figures that gates show are held back."""
        chosen = [one for one in objs if isinstance(one, Figure)]
        lacking = set() if self.has_delete_permission(request) else {Figure._meta.verbose_name}
        counted = {Figure._meta.verbose_name_plural: len(chosen)}
        return [str(one) for one in chosen], counted, lacking, held_back("figure", chosen)

    def delete_model(self, request: HttpRequest, obj: Figure) -> None:
        figures.delete(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Figure]) -> None:
        for figure in queryset:
            figures.delete(figure)

    @admin.display(description=_("picture"))
    def shown(self, figure: Figure) -> str:
        tag = '<img class="figure-shown" src="{}" width="{}" height="{}" alt="{}">'
        return format_html(tag, figure.get_absolute_url(), figure.width, figure.height, figure.alt)

    @admin.display(description=_("measures"))
    def measures(self, figure: Figure) -> str:
        return _("%(width)d × %(height)d pixels, %(size)d KB of WebP") % {
            "width": figure.width,
            "height": figure.height,
            "size": -(-figure.size // 1024),
        }

    @admin.display(description=_("used by"))
    def used_by(self, figure: Figure) -> str:
        return listed_gates(gates_that_name("figure", figure.pk))
