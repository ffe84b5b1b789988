"""Prices for charts. Every data set carries its source and the ground on which it is used."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from dracarys.db import columns


class Timeframe(models.TextChoices):
    HOUR = "1h", _("hourly")
    DAY = "1d", _("daily")
    WEEK = "1w", _("weekly")
    MONTH = "1mo", _("monthly")


class Dataset(models.Model):
    """One instrument in one time frame. Prices are shown with `price_decimals` digits.

    Made-up prices are `synthetic`, and every chart of theirs says so. `recipe` is what ours were made from.
    """

    code = models.CharField(_("code"), max_length=40, primary_key=True)
    title = models.TextField(_("title"))
    symbol = models.CharField(_("symbol"), max_length=20)
    timeframe = models.CharField(_("time frame"), max_length=3, choices=Timeframe.choices)
    price_decimals = models.IntegerField(_("decimals"), default=2, db_default=2)
    volume_unit = models.TextField(_("unit of volume"), default="", db_default="", blank=True)
    source = models.TextField(_("source"))
    ground_of_use = models.TextField(_("ground of use"))
    synthetic = models.BooleanField(_("made-up prices"), default=False, db_default=False)
    recipe = models.JSONField(_("made from"), null=True, blank=True, editable=False)
    digest = models.CharField(max_length=64, default="", db_default="", editable=False)
    bar_count = models.IntegerField(_("bars"), default=0, db_default=0, editable=False)
    created_at = columns.created_at()
    updated_at = columns.updated_at()

    class Meta:
        db_table = "market_datasets"
        verbose_name = _("market data set")
        verbose_name_plural = _("market data sets")
        constraints = [
            models.CheckConstraint(
                condition=Q(timeframe__in=Timeframe.values), name="ck_market_datasets_timeframe_known"
            ),
            models.CheckConstraint(
                condition=Q(price_decimals__range=(0, 8)), name="ck_market_datasets_price_decimals_0_to_8"
            ),
            models.CheckConstraint(
                condition=Q(recipe__isnull=True) | Q(synthetic=True),
                name="ck_market_datasets_recipe_only_when_synthetic",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PriceBar(models.Model):
    """One bar; `time` is its start in UTC (midnight of the day for daily bars)."""

    pk = models.CompositePrimaryKey("dataset_id", "time")
    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="bars", db_index=False)
    time = models.DateTimeField()
    open = models.DecimalField(max_digits=20, decimal_places=8)
    high = models.DecimalField(max_digits=20, decimal_places=8)
    low = models.DecimalField(max_digits=20, decimal_places=8)
    close = models.DecimalField(max_digits=20, decimal_places=8)
    volume = models.DecimalField(max_digits=24, decimal_places=4)

    class Meta:
        db_table = "market_bars"
        verbose_name = _("price bar")
        verbose_name_plural = _("price bars")
        constraints = [
            models.CheckConstraint(
                condition=Q(low__lte=Least("open", "close"), high__gte=Greatest("open", "close")),
                name="ck_market_bars_low_and_high_enclose",
            ),
            models.CheckConstraint(condition=Q(volume__gte=0), name="ck_market_bars_volume_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.dataset_id} {self.time:%Y-%m-%d %H:%M}"
