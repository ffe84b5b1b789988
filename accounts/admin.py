"""People, what they did, and the mail that waits."""

from typing import Any, ClassVar

from allauth.account.admin import EmailAddressAdmin as AllauthEmailAddressAdmin
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import outbox
from accounts.models import Activity, OutboxMessage, User, UserProfile
from dracarys.lib.read_only_admin import ReadOnlyAdmin

# allauth's list lets everybody who may look at addresses verify them.
admin.site.unregister(EmailAddress)


@admin.register(EmailAddress)
class EmailAddressAdmin(AllauthEmailAddressAdmin):  # type: ignore[misc]
    @admin.action(description=_("Mark selected email addresses as verified"), permissions=["change"])
    def make_verified(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        super().make_verified(request, queryset)


class PersonCreationForm(AdminUserCreationForm):
    """Django's own names a username; people here have an e-mail address."""

    class Meta:
        model = User
        fields = ("email",)


class ProfileInline(admin.StackedInline[UserProfile, User]):
    model = UserProfile
    can_delete = False
    readonly_fields = ("total_xp", "current_level", "timezone_confirmed_at")
    fields = ("full_name", "bio", "timezone", "trading_experience", *readonly_fields)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # The database makes the profile with the person.
        return False


@admin.register(User)
class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]  # its bound is Django's own user
    add_form = PersonCreationForm
    inlines: ClassVar[Any] = (ProfileInline,)
    list_display = ("email", "name", "flame", "is_staff", "is_guest", "banned_until", "last_login")
    list_select_related = ("profile",)
    list_filter = (
        "is_staff",
        "is_superuser",
        "is_active",
        "is_guest",
        ("terms_accepted_at", admin.EmptyFieldListFilter),
    )
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("email", "profile__full_name")
    ordering = ("-created_at", "pk")
    date_hierarchy = "created_at"
    readonly_fields = ("last_login", "created_at", "email_confirmed_at", "terms_accepted_at", "is_guest")
    filter_horizontal = ("groups", "user_permissions")
    add_fieldsets = ((None, {"fields": ("email", "usable_password", "password1", "password2")}),)
    fieldsets = (
        (None, {"fields": ("email", "password", "is_guest")}),
        (_("May they sign in"), {"fields": ("is_active", "banned_until")}),
        (_("May they work here"), {"fields": ("is_staff", "is_superuser", "groups", "user_permissions")}),
        (
            _("Since when"),
            {"fields": ("created_at", "email_confirmed_at", "terms_accepted_at", "last_login")},
        ),
    )

    def get_inlines(self, request: HttpRequest, obj: User | None) -> list[Any]:
        return list(self.inlines) if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # People are anonymised, not deleted: others answered them.
        return False

    @admin.display(description=_("name"), ordering="profile__full_name")
    def name(self, user: User) -> str:
        return user.profile.full_name or "–"

    @admin.display(description=_("flame"), ordering="profile__total_xp")
    def flame(self, user: User) -> str:
        return f"{user.profile.current_level} ({user.profile.total_xp:,} XP)"


@admin.register(Activity)
class ActivityAdmin(ReadOnlyAdmin[Activity]):
    list_display = ("created_at", "user", "activity_type", "entity_type", "local_date")
    list_select_related = ("user",)
    list_filter = ("activity_type",)
    search_fields = ("user__email",)
    ordering = ("-created_at", "pk")


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin[OutboxMessage]):
    list_display = ("created_at", "kind", "recipient", "attempts", "sent_at", "gave_up_at", "last_error")
    list_filter = (
        "kind",
        ("sent_at", admin.EmptyFieldListFilter),
        ("gave_up_at", admin.EmptyFieldListFilter),
    )
    search_fields = ("recipient",)
    ordering = ("-created_at", "pk")
    # The payload may hold a code that opens an account.
    exclude = ("payload",)
    actions = ("try_again",)

    def has_send_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.change_outboxmessage")

    @admin.action(description=_("Try the selected mails again"), permissions=["send"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[OutboxMessage]) -> None:
        count = outbox.try_again(queryset)
        words = ngettext("%(n)s mail will be tried again.", "%(n)s mails will be tried again.", count)
        self.message_user(request, words % {"n": count})
