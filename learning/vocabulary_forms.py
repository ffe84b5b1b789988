"""Editing the words of the course: topics and glossary terms."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from learning import glossary
from learning.markdown import UnknownTerms
from learning.models import GlossaryTerm, Topic

_code = RegexValidator(r"^[a-z0-9-]{1,40}\Z", _("Small letters, digits and hyphens only."))


# A tree that is deeper is no overview any more.
DEEPEST = 3


class TermForm(forms.ModelForm[GlossaryTerm]):
    """A term. Its definition is Markdown and may refer to other terms."""

    class Meta:
        model = GlossaryTerm
        fields = ("code", "term", "definition", "topic")
        widgets = {"term": forms.TextInput(attrs={"size": 60})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "code" in self.fields:
            self.fields["code"].validators.append(_code)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        code = self.instance.code or cleaned.get("code", "")
        try:
            glossary.check(cleaned.get("definition", ""), code=code)
        except UnknownTerms as error:
            for unknown in error.codes:
                sentence = _("There is no glossary term “%(code)s”.") % {"code": unknown}
                self.add_error("definition", sentence)
        return cleaned


class TopicForm(forms.ModelForm[Topic]):
    """A topic. The tree stays small: nothing below the third step, and no circle."""

    class Meta:
        model = Topic
        fields = ("code", "title", "parent", "position")
        widgets = {"title": forms.TextInput(attrs={"size": 60})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "code" in self.fields:
            self.fields["code"].validators.append(_code)

    def clean_parent(self) -> Topic | None:
        parent: Topic | None = self.cleaned_data["parent"]
        above = dict(Topic.objects.values_list("code", "parent_id"))
        line, code = [], parent.code if parent else None
        while code is not None and code not in line:
            line.append(code)
            code = above.get(code)
        if self.instance.code in line:
            raise ValidationError(_("A topic cannot belong to itself, nor to one that belongs to it."))
        if len(line) + _height(self.instance.code, above) > DEEPEST:
            raise ValidationError(_("Topics are at most %(n)s deep.") % {"n": DEEPEST})
        return parent


def _height(code: str, above: Mapping[str, str | None]) -> int:
    """How deep the tree under this topic is, itself included; 1 for a topic without others."""
    below = [one for one, parent in above.items() if parent == code and code]
    return 1 + max((_height(one, above) for one in below), default=0)
