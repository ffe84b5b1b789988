"""What becomes of past results, and why."""

from django import forms
from django.utils.translation import gettext_lazy as _

from learning.models import RegradingMode

LONGEST = 500


class RegradeForm(forms.Form):
    """To have past results graded again."""

    words = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        help_text=_("Learners whose result changes read it with their result."),
    )
    mode = forms.ChoiceField(
        label=_("Past results"),
        choices=RegradingMode.choices,
        initial=RegradingMode.RAISE.value,
        widget=forms.RadioSelect,
    )


class VoidForm(RegradeForm):
    """To take a question out for everybody, or to let it count again; `does` is what the page offered."""

    does = forms.ChoiceField(
        choices=[("void", "void"), ("count_again", "count_again")], widget=forms.HiddenInput
    )
