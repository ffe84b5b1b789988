from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("database", "0001_roles")]
    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION touch_updated_at() RETURNS trigger LANGUAGE plpgsql
            SET search_path = public, pg_temp AS $$
            BEGIN
                NEW.updated_at := now();
                RETURN NEW;
            END $$
            """,
            "DROP FUNCTION touch_updated_at()",
        )
    ]
