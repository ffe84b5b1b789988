from django.db import migrations

from dracarys.db.roles import CREATE_ROLES, DROP_DEFAULTS


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    # Default privileges bind tables made after them, Django's own included.
    run_before = [("contenttypes", "0001_initial"), ("sessions", "0001_initial")]
    operations = [migrations.RunSQL(CREATE_ROLES, DROP_DEFAULTS)]
