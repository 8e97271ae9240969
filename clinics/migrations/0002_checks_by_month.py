"""Checks are partitioned by month before the first of them is written.

The first migration makes an ordinary, still empty table, so that Django's state knows its columns; this one puts the
partitioned table in its place. Months are made by `operations.months`; the default partition takes what comes between.
"""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

PARTITIONED = """
DROP INDEX check_by_page_and_time;
ALTER TABLE clinics_check RENAME TO clinics_check_plain;
CREATE TABLE clinics_check (LIKE clinics_check_plain INCLUDING DEFAULTS) PARTITION BY RANGE (started_at);
DROP TABLE clinics_check_plain;
ALTER TABLE clinics_check ADD PRIMARY KEY (started_at, id);
ALTER TABLE clinics_check ADD CONSTRAINT clinics_check_page_id_fk FOREIGN KEY (page_id)
    REFERENCES clinics_page (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX check_by_page_and_time ON clinics_check (page_id, started_at DESC);
CREATE TABLE clinics_check_default PARTITION OF clinics_check DEFAULT;
"""

PLAIN = """
DROP INDEX check_by_page_and_time;
ALTER TABLE clinics_check RENAME TO clinics_check_partitioned;
CREATE TABLE clinics_check (LIKE clinics_check_partitioned INCLUDING DEFAULTS);
INSERT INTO clinics_check SELECT * FROM clinics_check_partitioned;
DROP TABLE clinics_check_partitioned;
ALTER TABLE clinics_check ADD PRIMARY KEY (started_at, id);
ALTER TABLE clinics_check ADD CONSTRAINT clinics_check_page_id_fk FOREIGN KEY (page_id)
    REFERENCES clinics_page (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX check_by_page_and_time ON clinics_check (page_id, started_at DESC);
"""


class Migration(migrations.Migration):
    dependencies = [("clinics", "0001_first_rows")]

    operations = [
        migrations.RunSQL(PARTITIONED, PLAIN),
        pgtrigger.migrations.AddTrigger(
            model_name='check',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='83eedfc3e268dcb59b426251a706a6b5f778952c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b6d65', table='clinics_check', when='BEFORE')),
        ),
    ]
