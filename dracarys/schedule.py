"""What beat runs, and when (UTC). The one place to look."""

from celery.schedules import crontab

SCHEDULE = {
    # A person waits for a verification mail: at most two seconds.
    "outbox": {"task": "accounts.tasks.drain_outbox", "schedule": 1.0, "options": {"expires": 5}},
    "leaderboard-steps": {
        "task": "gamification.tasks.refresh_steps",
        "schedule": 30.0,
        "options": {"expires": 60},
    },
    # Whoever has just ordered a regrading waits for what comes of it.
    "regradings": {"task": "learning.tasks.regrade", "schedule": 10.0, "options": {"expires": 30}},
    # Every hour somewhere a day has ended.
    "streaks-that-ended": {
        "task": "gamification.tasks.end_streaks",
        "schedule": crontab(minute="2"),
        "options": {"expires": 3000},
    },
    "closed-periods": {
        "task": "gamification.tasks.close_periods",
        "schedule": crontab(minute="5", hour="0"),
        "options": {"expires": 36000},
    },
    "nightly-audit": {
        "task": "gamification.tasks.audit_scores",
        "schedule": crontab(minute="30", hour="3"),
        "options": {"expires": 36000},
    },
    "nightly-recount-of-votes-and-comments": {
        "task": "community.tasks.recount",
        "schedule": crontab(minute="35", hour="3"),
        "options": {"expires": 36000},
    },
    "nightly-recount-of-seats": {
        "task": "sessions.tasks.recount",
        "schedule": crontab(minute="40", hour="3"),
        "options": {"expires": 36000},
    },
    "nightly-statistics-of-questions": {
        "task": "learning.tasks.compute_statistics",
        "schedule": crontab(minute="50", hour="3"),
        "options": {"expires": 36000},
    },
    "outbox-cleanup": {
        "task": "accounts.tasks.forget_sent_mail",
        "schedule": crontab(minute="45", hour="3"),
        "options": {"expires": 36000},
    },
}
