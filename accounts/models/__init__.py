from accounts.models.activity import Activity, ActivityType
from accounts.models.outbox import OutboxMessage
from accounts.models.profile import Experience, Goal, UserProfile
from accounts.models.user import User

__all__ = ["Activity", "ActivityType", "Experience", "Goal", "OutboxMessage", "User", "UserProfile"]
