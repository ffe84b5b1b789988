"""Plans and subscriptions. Which levels of the path they open is asked in `billing.entitlements`."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dracarys.db import columns


class PlanType(models.TextChoices):
    MONTHLY = "monthly", _("monthly")
    YEARLY = "yearly", _("yearly")
    LIFETIME = "lifetime", _("lifetime")


class SubscriptionStatus(models.TextChoices):
    ACTIVE = "active", _("active")
    PAST_DUE = "past_due", _("past due")
    CANCELED = "canceled", _("canceled")
    UNPAID = "unpaid", _("unpaid")
    TRIALING = "trialing", _("in trial")


# States in which a subscription is one that its owner still has; at most one of these a person.
LIVE_STATUSES = (SubscriptionStatus.ACTIVE, SubscriptionStatus.PAST_DUE, SubscriptionStatus.TRIALING)


class SubscriptionPlan(models.Model):
    """Something that can be bought. `level_access_limit` is a level of the path, never a flame."""

    id = columns.uuid_key()
    name = models.TextField(_("name"))
    description = models.TextField(_("description"), null=True, blank=True)
    plan_type = models.CharField(
        max_length=20, choices=PlanType.choices, default=PlanType.MONTHLY, db_default=PlanType.MONTHLY.value
    )
    price = models.DecimalField(_("price"), max_digits=10, decimal_places=2)
    currency = models.CharField(max_length=3, default="USD", db_default="USD")
    stripe_price_id = models.TextField(unique=True, null=True, blank=True)
    features = models.JSONField(_("features"), default=list, help_text=_("A list of short sentences"))
    is_active = models.BooleanField(_("on sale"), default=True, db_default=True)
    trial_days = models.IntegerField(default=0, db_default=0)
    max_users = models.IntegerField(_("seats of a team"), null=True, blank=True)
    level_access_limit = models.IntegerField(_("opens levels up to"), default=99, db_default=99)
    created_at = columns.created_at()
    updated_at = columns.updated_at()

    class Meta:
        db_table = "subscription_plans"
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        constraints = [
            models.CheckConstraint(
                condition=Q(plan_type__in=PlanType.values), name="ck_subscription_plans_plan_type_known"
            ),
            models.CheckConstraint(
                condition=Q(price__gte=0), name="ck_subscription_plans_price_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(trial_days__gte=0), name="ck_subscription_plans_trial_days_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(max_users__isnull=True) | Q(max_users__gte=1),
                name="ck_subscription_plans_max_users_positive",
            ),
            models.CheckConstraint(
                condition=Q(level_access_limit__gte=1),
                name="ck_subscription_plans_level_access_limit_positive",
            ),
        ]
        indexes = [
            columns.Index(
                fields=["is_active"], condition=Q(is_active=True), name="idx_subscription_plans_active"
            )
        ]

    def __str__(self) -> str:
        return self.name


class UserSubscription(models.Model):
    """What one person has of a plan; Stripe is the truth, this row its last known state. Times are UTC."""

    id = columns.uuid_key()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="subscriptions", db_index=False
    )
    plan = models.ForeignKey(SubscriptionPlan, models.RESTRICT, related_name="subscriptions")
    stripe_subscription_id = models.TextField(unique=True, null=True, blank=True)
    status = models.CharField(
        max_length=20,
        choices=SubscriptionStatus.choices,
        default=SubscriptionStatus.ACTIVE,
        db_default=SubscriptionStatus.ACTIVE.value,
    )
    current_period_start = models.DateTimeField(null=True, blank=True)
    current_period_end = models.DateTimeField(null=True, blank=True)
    trial_end = models.DateTimeField(null=True, blank=True)
    cancel_at_period_end = models.BooleanField(default=False, db_default=False)
    created_at = columns.created_at()
    updated_at = columns.updated_at()

    class Meta:
        db_table = "user_subscriptions"
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=SubscriptionStatus.values), name="ck_user_subscriptions_status_known"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(status__in=LIVE_STATUSES), name="uq_user_subscriptions_one_live"
            ),
            models.CheckConstraint(
                condition=Q(current_period_start__isnull=True)
                | Q(current_period_end__isnull=True)
                | Q(current_period_end__gte=models.F("current_period_start")),
                name="ck_user_subscriptions_current_period_end_after_start",
            ),
        ]
        indexes = [
            columns.Index(fields=["user"], name="idx_user_subscriptions_user"),
            columns.Index(fields=["status"], name="idx_user_subscriptions_status"),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()} {self.plan_id}"
