"""Settings of the site under the bench: production's, but for what would get in the way of measuring."""

import os

from dracarys.settings import *  # noqa: F403
from dracarys.settings import ACCOUNT_RATE_LIMITS, BASE_DIR, DATABASES

STATIC_ROOT = BASE_DIR / ".bench" / "static"
# One machine signs in very often: the limit is counted and not reached.
ACCOUNT_RATE_LIMITS["login"] = "100000/m/ip"
if os.environ.get("BENCH_POOL"):
    DATABASES["default"] |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False}
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 2, "max_size": 4}
