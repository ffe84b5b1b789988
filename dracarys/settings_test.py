"""Settings of the test suite: the same, plainer where only speed or isolation is at stake."""

import os
import tempfile

os.environ.setdefault("DRACARYS_ZERO_SETUP", "1")
os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("MAILBOX_PATH", tempfile.mkdtemp(prefix="dracarys-mail-"))

from dracarys.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
