"""Links in texts: our own have to lead somewhere; those of others are listed and never asked for."""

from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from learning.models import GlossaryTerm, Lesson
from learning.workshop.checks.finding import Finding, advice
from learning.workshop.checks.texts import strings
from learning.workshop.trial import Item


class _Links(HTMLParser):
    """Collects where the links of some HTML lead; None for one that lost its address."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found.append(dict(attrs).get("href"))


def found(items: Sequence[Item]) -> Iterator[Finding]:
    """Links that lead nowhere, and a list of the addresses of others."""
    elsewhere: dict[str, None] = {}
    known = _Known()
    for item in items:
        for address in dict.fromkeys(_addresses(item)):
            if address is not None and address.startswith("https://"):
                elsewhere[address] = None
            elif problem := _problem(address, known):
                yield Finding.of(item, problem)
    if elsewhere:
        count = len(elsewhere)
        said = ngettext(
            "%(n)s link leads to somebody else's page. Open it once yourself: %(addresses)s",
            "%(n)s links lead to pages of others. Open each once yourself: %(addresses)s",
            count,
        )
        yield advice(said % {"n": count, "addresses": ", ".join(elsewhere)})


def _addresses(item: Item) -> Iterator[str | None]:
    """Of every link in the rendering; a video's address is a link, too."""
    for text in strings(item.stored):
        if "<a" in text:
            links = _Links()
            links.feed(text)
            yield from links.found
    if item.kind == "video" and item.stored:
        yield item.stored["address"]


class _Known:
    """Gates in use and terms, each read once and only when a link names one."""

    def __init__(self) -> None:
        self._gates: set[tuple[int, int]] | None = None
        self._terms: set[str] | None = None

    def leads_somewhere(self, match: ResolverMatch) -> bool:
        named = match.kwargs
        if match.namespace == "learning" and "gate" in named:
            if self._gates is None:
                self._gates = set(Lesson.objects.published().values_list("level_id", "gate_id"))
            return (named["level"], named["gate"]) in self._gates
        if match.view_name == "learning:term":
            if self._terms is None:
                self._terms = set(GlossaryTerm.objects.values_list("code", flat=True))
            return named["code"] in self._terms
        return not match.namespace.startswith("admin")


def _problem(address: str | None, known: _Known) -> str:
    if not address:
        return _("a link leads nowhere: only https, mailto and addresses of this site are shown as links")
    try:
        parts = urlsplit(address)
    except ValueError:
        return _("the link %(address)s is no address") % {"address": address}
    if parts.scheme == "mailto":
        return ""
    if parts.scheme or parts.netloc:
        return _("the link %(address)s has to begin with https://") % {"address": address}
    if not parts.path.startswith("/"):
        return _("the link %(address)s depends on the page it stands on; begin it with /") % {
            "address": address
        }
    try:
        leads = known.leads_somewhere(resolve(parts.path))
    except Resolver404:
        leads = False
    return "" if leads else _("the link %(address)s leads to no page of learners") % {"address": address}
