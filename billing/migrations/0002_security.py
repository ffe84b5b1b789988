from django.db import migrations

from dracarys.db.columns import keeps_updated_at
from dracarys.db.roles import Policy, own_rows, secure


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial"), ("database", "0002_updated_at")]
    operations = [
        keeps_updated_at("subscription_plans"),
        keeps_updated_at("user_subscriptions"),
        secure(
            "subscription_plans",
            # A plan no longer sold stays readable to whoever has it: entitlements join it.
            Policy("Anyone can view plans", "SELECT", "anon, authenticated", using="true"),
            grants=["SELECT TO anon", "SELECT TO authenticated"],
        ),
        secure("user_subscriptions", own_rows(), grants=["SELECT TO authenticated"]),
    ]
