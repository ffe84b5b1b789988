"""Where a notice for the next page waits."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.http import HttpRequest


class NoticeCookie(CookieStorage):
    """Django's, under the name that the settings give it: in production one that is bound to this host."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.cookie_name = settings.MESSAGES_COOKIE_NAME


class NoticeStorage(FallbackStorage):
    """A cookie; what does not fit waits in the session."""

    storage_classes = (NoticeCookie, SessionStorage)
