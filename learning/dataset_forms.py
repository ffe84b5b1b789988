"""Forms of market data: a CSV file with its source, or prices made up from a seed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxLengthValidator, RegexValidator
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError as RecipeErrors

from learning.market_data import Prices
from learning.models import Dataset
from learning.price_csv import MOST_BARS, MOST_BYTES, PriceErrors
from learning.synthetic import CannotBeMade, Recipe

CODE = RegexValidator(r"\A[a-z0-9-]{1,40}\Z", _("Use small letters, digits and hyphens, 40 at most."))
LINE = forms.TextInput(attrs={"size": 60})
PARAGRAPH = forms.Textarea(attrs={"rows": 3})


class DatasetFacts(forms.ModelForm[Dataset]):
    """What is said of a data set, wherever its bars come from; lengths are those of the course's files."""

    prices: Prices | None = None
    price_decimals = forms.IntegerField(
        min_value=0, max_value=8, initial=2, label=_("Decimals"),
        help_text=_("How many digits after the point a chart shows, 0 to 8."),
    )  # fmt: skip
    longest = {"title": 80, "symbol": 20, "volume_unit": 30, "source": 2_000, "ground_of_use": 2_000}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, longest in self.longest.items():
            if name in self.fields:
                self.fields[name].validators.append(MaxLengthValidator(longest))
        if "code" in self.fields:
            self.fields["code"].validators.append(CODE)


class DatasetForm(DatasetFacts):
    """A data set with its bars from a CSV file; a new file takes the place of all of them."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_(
            "The first line is time,open,high,low,close,volume. Times are UTC, as 2017-06-01 or "
            "2017-06-01T09:00:00Z, the oldest first; decimals have a point. At most %(megabytes)d MB and "
            "%(bars)s bars."
        )
        % {"megabytes": MOST_BYTES // 2**20, "bars": f"{MOST_BARS:,}"},
    )

    class Meta:
        model = Dataset
        fields = (
            "code", "title", "symbol", "timeframe", "price_decimals", "volume_unit", "source",
            "ground_of_use", "synthetic",
        )  # fmt: skip
        widgets = {
            "title": LINE, "volume_unit": forms.TextInput, "source": PARAGRAPH, "ground_of_use": PARAGRAPH
        }  # fmt: skip
        help_texts = {
            "code": _("Charts name the data set by it; it cannot be changed later."),
            "volume_unit": _("Such as shares or contracts; empty when there is no volume."),
            "source": _("Who published these prices, where and when; learners see it."),
            "ground_of_use": _("Why we may show them: a licence, a permission, public domain."),
            "synthetic": _("These are no prices of a real market. Every chart of them says so."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.fields["file"].required = False
            self.fields["file"].label = _("New CSV file")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        file = cleaned.get("file")
        if isinstance(file, UploadedFile):
            self._read(file, cleaned.get("timeframe") or "")
        elif "timeframe" in self.changed_data and not self.instance._state.adding:
            self.add_error("timeframe", _("The bars there are have another time frame: send new ones."))
        if self.instance.recipe and not self.prices and not cleaned.get("synthetic"):
            self.add_error("synthetic", _("The bars there are were made from a seed."))
        return cleaned

    def _read(self, file: UploadedFile, timeframe: str) -> None:
        if (file.size or 0) > MOST_BYTES:
            self.add_error("file", _("The file is larger than %(n)d MB.") % {"n": MOST_BYTES // 2**20})
            return
        try:
            self.prices = Prices.of_file(file.read(), timeframe=timeframe)
        except PriceErrors as error:
            for sentence in error.sentences:
                self.add_error("file", sentence)

    def save(self, commit: bool = True) -> Dataset:
        if self.prices:
            self.instance.recipe = None
        return super().save(commit)


class MadeUpDatasetForm(DatasetFacts):
    """A data set whose bars are made from a seed; source and ground of use say so by themselves."""

    seed = forms.IntegerField(
        min_value=0, max_value=2**32 - 1, label=_("Seed"),
        help_text=_("The same seed and the same numbers below give the same bars, today and in ten years."),
    )  # fmt: skip
    bars = forms.IntegerField(min_value=2, max_value=10_000, initial=500, label=_("Bars"))
    start = forms.DateField(label=_("First day"), help_text=_("As 2020-01-01; weekends are left out."))
    start_price = forms.DecimalField(
        max_digits=20, decimal_places=8, initial=100, label=_("Price at the beginning")
    )
    drift = forms.DecimalField(
        min_value=-100, max_value=100, decimal_places=2, initial=5, label=_("Drift, % a year"),
        help_text=_("Where the price tends to go; 0 for nowhere."),
    )  # fmt: skip
    volatility = forms.DecimalField(
        min_value=1, max_value=100, decimal_places=2, initial=20, label=_("Volatility, % a year"),
        help_text=_("How far it swings. A share index has about 15 to 20, a single share 30, a coin 60."),
    )  # fmt: skip
    regime_bars = forms.IntegerField(
        min_value=0, max_value=1000, initial=0, label=_("Bars of a regime"),
        help_text=_(
            "0: drift and volatility stay. Otherwise rising, falling and quiet times take turns at random "
            "and last so many bars on average."
        ),
    )  # fmt: skip
    volume = forms.IntegerField(
        min_value=0, max_value=10**12, initial=0, label=_("Volume of a usual bar"), help_text=_("0: none.")
    )

    class Meta(DatasetForm.Meta):
        fields = DatasetForm.Meta.fields[:6]  # type: ignore[assignment]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        asked = {name: cleaned[name] for name in Recipe.model_fields if name in cleaned}
        shares = {name: cleaned[name] / 100 for name in ("drift", "volatility")}
        try:
            self.recipe = Recipe.model_validate({**asked, **shares})
            self.prices = Prices.made(self.recipe)
        except CannotBeMade as error:
            raise ValidationError(str(error)) from error
        except RecipeErrors as error:
            raise ValidationError([f"{one['loc'][-1]}: {one['msg']}" for one in error.errors()]) from error
        return cleaned

    def save(self, commit: bool = True) -> Dataset:
        self.instance.synthetic, self.instance.recipe = True, self.recipe.model_dump(mode="json")
        # Learners read it. The seed is not for them: it would tell the bars that are still to come.
        self.instance.source = str(_("Made up by Dracarys; from no real market."))
        self.instance.ground_of_use = str(_("Made by us: nobody else has a right to it."))
        return super().save(commit)
