"""Clinics are merged and parted again; pairs that are not one clinic; whose clinic it is to look after."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clinics', '0026_credentials_and_look_ups'),
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name='MergeRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(help_text='How one knows that both are the same clinic.', max_length=300)),
                ('at', models.DateTimeField()),
                ('journal', models.JSONField(default=dict, help_text='What was moved, changed and set aside: `operations.journal`.')),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('undone_because', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ToldApart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ToldApartEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='claim',
            name='published_quote_stays',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='clinic',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='clinic',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='clinic',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='credentialcheck',
            name='published_check_stays',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='credentialcheck',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='credentialcheck',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='credentialcheck',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='flag',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='flag',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='flag',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='legalhold',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='legalhold',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='legalhold',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='snapshot',
            name='snapshot_append_only',
        ),
        migrations.RemoveConstraint(
            model_name='legalhold',
            name='one_legal_hold_in_force_per_clinic',
        ),
        migrations.RemoveConstraint(
            model_name='snapshot',
            name='one_capture_per_clinic_text_and_day',
        ),
        migrations.AddField(
            model_name='clinic',
            name='assigned_to',
            field=models.ForeignKey(blank=True, help_text="Who looks after it: it stands in this person's “My clinics today”.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='clinic',
            name='merged_into',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged_records', to='clinics.clinic'),
        ),
        migrations.AddField(
            model_name='clinic',
            name='recorded_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='clinicevent',
            name='assigned_to',
            field=models.ForeignKey(blank=True, db_constraint=False, help_text="Who looks after it: it stands in this person's “My clinics today”.", null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='clinicevent',
            name='merged_into',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='clinics.clinic'),
        ),
        migrations.AddField(
            model_name='clinicevent',
            name='recorded_by',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='credentialcheck',
            name='merged_from',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinics.clinic'),
        ),
        migrations.AddField(
            model_name='credentialcheckevent',
            name='merged_from',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='clinics.clinic'),
        ),
        migrations.AddField(
            model_name='flag',
            name='joined_into',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='joined', to='clinics.flag'),
        ),
        migrations.AddField(
            model_name='flagevent',
            name='joined_into',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='clinics.flag'),
        ),
        migrations.AddField(
            model_name='legalhold',
            name='merged_from',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinics.clinic'),
        ),
        migrations.AddField(
            model_name='legalholdevent',
            name='merged_from',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='clinics.clinic'),
        ),
        migrations.AddField(
            model_name='snapshot',
            name='merged_from',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinics.clinic'),
        ),
        migrations.AlterField(
            model_name='clinic',
            name='status',
            field=models.CharField(choices=[('draft', 'Draft'), ('listed', 'Listed'), ('closed', 'Reported closed'), ('not_offering', 'No regenerative treatment offered'), ('held', 'Held'), ('delisted', 'Removed by us'), ('merged', 'Merged into another record')], default='draft', editable=False, max_length=20),
        ),
        migrations.AlterField(
            model_name='clinicevent',
            name='status',
            field=models.CharField(choices=[('draft', 'Draft'), ('listed', 'Listed'), ('closed', 'Reported closed'), ('not_offering', 'No regenerative treatment offered'), ('held', 'Held'), ('delisted', 'Removed by us'), ('merged', 'Merged into another record')], default='draft', editable=False, max_length=20),
        ),
        migrations.AddIndex(
            model_name='clinic',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('name', name='gin_trgm_ops'), name='clinic_by_likeness_of_name'),
        ),
        migrations.AddIndex(
            model_name='location',
            index=models.Index(condition=models.Q(('phone', ''), _negated=True), fields=['phone'], name='location_by_phone'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claim',
            trigger=pgtrigger.compiler.Trigger(name='published_quote_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."published_at" IS NOT NULL AND (OLD."quote" IS DISTINCT FROM (NEW."quote") OR OLD."context" IS DISTINCT FROM (NEW."context") OR OLD."category" IS DISTINCT FROM (NEW."category") OR OLD."page_id" IS DISTINCT FROM (NEW."page_id") OR OLD."snapshot_id" IS DISTINCT FROM (NEW."snapshot_id")))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='80528ed3cdf0b0d9bc0c3d58b33f6cd9ea9909c3', operation='UPDATE', pgid='pgtrigger_published_quote_stays_8485d', table='clinics_claim', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claim',
            trigger=pgtrigger.compiler.Trigger(name='published_claim_moves_by_merging', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."published_at" IS NOT NULL AND OLD."clinic_id" IS DISTINCT FROM (NEW."clinic_id"))', func="\nIF NOT EXISTS (\n    SELECT 1 FROM clinics_clinic WHERE (id = OLD.clinic_id AND merged_into_id = NEW.clinic_id)\n    OR (id = NEW.clinic_id AND merged_into_id = OLD.clinic_id)\n) THEN\n    RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table: no merger leads there', TG_TABLE_NAME;\nEND IF;\n RETURN NEW;", hash='537d435acf79cd9d3721d2e176897d5536a7785b', operation='UPDATE', pgid='pgtrigger_published_claim_moves_by_merging_f6323', table='clinics_claim', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clinic',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "clinics_clinicevent" ("assigned_to_id", "created_at", "id", "languages", "merged_into_id", "name", "notes", "other_names", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "recorded_by_id", "serves_us_patients", "status", "status_reason", "status_since", "website_id") VALUES (NEW."assigned_to_id", NEW."created_at", NEW."id", NEW."languages", NEW."merged_into_id", NEW."name", NEW."notes", NEW."other_names", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id", NEW."recorded_by_id", NEW."serves_us_patients", NEW."status", NEW."status_reason", NEW."status_since", NEW."website_id"); RETURN NULL;', hash='6260a81879cb1d1299ab2b2998569b176aa921f5', operation='INSERT', pgid='pgtrigger_insert_insert_59aa9', table='clinics_clinic', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clinic',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "clinics_clinicevent" ("assigned_to_id", "created_at", "id", "languages", "merged_into_id", "name", "notes", "other_names", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "recorded_by_id", "serves_us_patients", "status", "status_reason", "status_since", "website_id") VALUES (NEW."assigned_to_id", NEW."created_at", NEW."id", NEW."languages", NEW."merged_into_id", NEW."name", NEW."notes", NEW."other_names", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id", NEW."recorded_by_id", NEW."serves_us_patients", NEW."status", NEW."status_reason", NEW."status_since", NEW."website_id"); RETURN NULL;', hash='bf65c127fb9fa1f2834d03480774a2710fc253ee', operation='UPDATE', pgid='pgtrigger_update_update_2f1c8', table='clinics_clinic', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clinic',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "clinics_clinicevent" ("assigned_to_id", "created_at", "id", "languages", "merged_into_id", "name", "notes", "other_names", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "recorded_by_id", "serves_us_patients", "status", "status_reason", "status_since", "website_id") VALUES (OLD."assigned_to_id", OLD."created_at", OLD."id", OLD."languages", OLD."merged_into_id", OLD."name", OLD."notes", OLD."other_names", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."public_id", OLD."recorded_by_id", OLD."serves_us_patients", OLD."status", OLD."status_reason", OLD."status_since", OLD."website_id"); RETURN NULL;', hash='d726f798db210c4ee7a2e57f27cc2f9509036264', operation='DELETE', pgid='pgtrigger_delete_delete_a5f0c', table='clinics_clinic', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='credentialcheck',
            trigger=pgtrigger.compiler.Trigger(name='published_check_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" = \'published\')', func="\nIF TG_OP = 'DELETE' THEN\n    RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;\nEND IF;\nIF OLD.clinic_id IS NOT DISTINCT FROM NEW.clinic_id\n    OR COALESCE(OLD.merged_from_id, OLD.clinic_id) IS DISTINCT FROM COALESCE(NEW.merged_from_id, NEW.clinic_id)\n    OR to_jsonb(OLD) - 'clinic_id' - 'merged_from_id' IS DISTINCT FROM to_jsonb(NEW) - 'clinic_id' - 'merged_from_id'\nTHEN\n    RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;\nEND IF;\n \nIF NOT EXISTS (\n    SELECT 1 FROM clinics_clinic WHERE (id = OLD.clinic_id AND merged_into_id = NEW.clinic_id)\n    OR (id = NEW.clinic_id AND merged_into_id = OLD.clinic_id)\n) THEN\n    RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table: no merger leads there', TG_TABLE_NAME;\nEND IF;\n RETURN NEW;", hash='3ba4660763ca6e4fdc156d8280ce289ca0d81022', operation='UPDATE OR DELETE', pgid='pgtrigger_published_check_stays_806b0', table='clinics_credentialcheck', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='credentialcheck',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "clinics_credentialcheckevent" ("capture_id", "checked_by_id", "checked_on", "clinic_id", "content_hash", "document_title", "id", "identifier", "kind_id", "matched_by", "merged_from_id", "notes", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "public_id", "published_at", "published_by_id", "register", "register_date", "register_word", "sealing_number", "search_terms", "source_id", "state", "subject", "supersedes_id") VALUES (NEW."capture_id", NEW."checked_by_id", NEW."checked_on", NEW."clinic_id", NEW."content_hash", NEW."document_title", NEW."id", NEW."identifier", NEW."kind_id", NEW."matched_by", NEW."merged_from_id", NEW."notes", NEW."outcome", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."practitioner_id", NEW."public_id", NEW."published_at", NEW."published_by_id", NEW."register", NEW."register_date", NEW."register_word", NEW."sealing_number", NEW."search_terms", NEW."source_id", NEW."state", NEW."subject", NEW."supersedes_id"); RETURN NULL;', hash='13a552f4d3995796e91d3682a7bb1a41012d34cf', operation='INSERT', pgid='pgtrigger_insert_insert_a8ded', table='clinics_credentialcheck', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='credentialcheck',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "clinics_credentialcheckevent" ("capture_id", "checked_by_id", "checked_on", "clinic_id", "content_hash", "document_title", "id", "identifier", "kind_id", "matched_by", "merged_from_id", "notes", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "public_id", "published_at", "published_by_id", "register", "register_date", "register_word", "sealing_number", "search_terms", "source_id", "state", "subject", "supersedes_id") VALUES (NEW."capture_id", NEW."checked_by_id", NEW."checked_on", NEW."clinic_id", NEW."content_hash", NEW."document_title", NEW."id", NEW."identifier", NEW."kind_id", NEW."matched_by", NEW."merged_from_id", NEW."notes", NEW."outcome", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."practitioner_id", NEW."public_id", NEW."published_at", NEW."published_by_id", NEW."register", NEW."register_date", NEW."register_word", NEW."sealing_number", NEW."search_terms", NEW."source_id", NEW."state", NEW."subject", NEW."supersedes_id"); RETURN NULL;', hash='5a0e9f26f1740c4fbd3c905f817918fe4f2ad789', operation='UPDATE', pgid='pgtrigger_update_update_bec7f', table='clinics_credentialcheck', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='credentialcheck',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "clinics_credentialcheckevent" ("capture_id", "checked_by_id", "checked_on", "clinic_id", "content_hash", "document_title", "id", "identifier", "kind_id", "matched_by", "merged_from_id", "notes", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "public_id", "published_at", "published_by_id", "register", "register_date", "register_word", "sealing_number", "search_terms", "source_id", "state", "subject", "supersedes_id") VALUES (OLD."capture_id", OLD."checked_by_id", OLD."checked_on", OLD."clinic_id", OLD."content_hash", OLD."document_title", OLD."id", OLD."identifier", OLD."kind_id", OLD."matched_by", OLD."merged_from_id", OLD."notes", OLD."outcome", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."practitioner_id", OLD."public_id", OLD."published_at", OLD."published_by_id", OLD."register", OLD."register_date", OLD."register_word", OLD."sealing_number", OLD."search_terms", OLD."source_id", OLD."state", OLD."subject", OLD."supersedes_id"); RETURN NULL;', hash='4874b7e1b045a875aafbb4742da66aff7a682533', operation='DELETE', pgid='pgtrigger_delete_delete_838a4', table='clinics_credentialcheck', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='flag',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "clinics_flagevent" ("category", "cause", "clinic_id", "decided_at", "decided_by_id", "deferred_until", "dismissed_as", "evidence", "id", "joined_into_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "presence", "presence_since", "raised_at", "reopened_because", "rule_id", "sentence", "severity", "share", "state", "subject") VALUES (NEW."category", NEW."cause", NEW."clinic_id", NEW."decided_at", NEW."decided_by_id", NEW."deferred_until", NEW."dismissed_as", NEW."evidence", NEW."id", NEW."joined_into_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."presence", NEW."presence_since", NEW."raised_at", NEW."reopened_because", NEW."rule_id", NEW."sentence", NEW."severity", NEW."share", NEW."state", NEW."subject"); RETURN NULL;', hash='cf692e6558cc4ba81f77f3784d3569626d7bd063', operation='INSERT', pgid='pgtrigger_insert_insert_f8e17', table='clinics_flag', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='flag',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "clinics_flagevent" ("category", "cause", "clinic_id", "decided_at", "decided_by_id", "deferred_until", "dismissed_as", "evidence", "id", "joined_into_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "presence", "presence_since", "raised_at", "reopened_because", "rule_id", "sentence", "severity", "share", "state", "subject") VALUES (NEW."category", NEW."cause", NEW."clinic_id", NEW."decided_at", NEW."decided_by_id", NEW."deferred_until", NEW."dismissed_as", NEW."evidence", NEW."id", NEW."joined_into_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."presence", NEW."presence_since", NEW."raised_at", NEW."reopened_because", NEW."rule_id", NEW."sentence", NEW."severity", NEW."share", NEW."state", NEW."subject"); RETURN NULL;', hash='8e21e351152ea1196994d78ccfbd336246594363', operation='UPDATE', pgid='pgtrigger_update_update_53906', table='clinics_flag', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='flag',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "clinics_flagevent" ("category", "cause", "clinic_id", "decided_at", "decided_by_id", "deferred_until", "dismissed_as", "evidence", "id", "joined_into_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "presence", "presence_since", "raised_at", "reopened_because", "rule_id", "sentence", "severity", "share", "state", "subject") VALUES (OLD."category", OLD."cause", OLD."clinic_id", OLD."decided_at", OLD."decided_by_id", OLD."deferred_until", OLD."dismissed_as", OLD."evidence", OLD."id", OLD."joined_into_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."presence", OLD."presence_since", OLD."raised_at", OLD."reopened_because", OLD."rule_id", OLD."sentence", OLD."severity", OLD."share", OLD."state", OLD."subject"); RETURN NULL;', hash='145393cc72abf48de22893082284e2767b301dee', operation='DELETE', pgid='pgtrigger_delete_delete_4d8c8', table='clinics_flag', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='legalhold',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "clinics_legalholdevent" ("clinic_id", "id", "merged_from_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placed_at", "placed_by_id", "reason", "released_at", "released_because", "released_by_id") VALUES (NEW."clinic_id", NEW."id", NEW."merged_from_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."placed_at", NEW."placed_by_id", NEW."reason", NEW."released_at", NEW."released_because", NEW."released_by_id"); RETURN NULL;', hash='92272fad8980487ef03f452af61275c76c794278', operation='INSERT', pgid='pgtrigger_insert_insert_a3389', table='clinics_legalhold', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='legalhold',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "clinics_legalholdevent" ("clinic_id", "id", "merged_from_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placed_at", "placed_by_id", "reason", "released_at", "released_because", "released_by_id") VALUES (NEW."clinic_id", NEW."id", NEW."merged_from_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."placed_at", NEW."placed_by_id", NEW."reason", NEW."released_at", NEW."released_because", NEW."released_by_id"); RETURN NULL;', hash='f4140c2efe95bc5c19e543fbf999e38050a30e93', operation='UPDATE', pgid='pgtrigger_update_update_3003b', table='clinics_legalhold', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='legalhold',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "clinics_legalholdevent" ("clinic_id", "id", "merged_from_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placed_at", "placed_by_id", "reason", "released_at", "released_because", "released_by_id") VALUES (OLD."clinic_id", OLD."id", OLD."merged_from_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."placed_at", OLD."placed_by_id", OLD."reason", OLD."released_at", OLD."released_because", OLD."released_by_id"); RETURN NULL;', hash='651e8da3e9f565221455e68c57ee927c1bc55fc3', operation='DELETE', pgid='pgtrigger_delete_delete_2d630', table='clinics_legalhold', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='snapshot',
            trigger=pgtrigger.compiler.Trigger(name='snapshot_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF TG_OP = 'DELETE' THEN\n    RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;\nEND IF;\nIF OLD.clinic_id IS NOT DISTINCT FROM NEW.clinic_id\n    OR COALESCE(OLD.merged_from_id, OLD.clinic_id) IS DISTINCT FROM COALESCE(NEW.merged_from_id, NEW.clinic_id)\n    OR to_jsonb(OLD) - 'clinic_id' - 'merged_from_id' IS DISTINCT FROM to_jsonb(NEW) - 'clinic_id' - 'merged_from_id'\nTHEN\n    RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;\nEND IF;\n \nIF NOT EXISTS (\n    SELECT 1 FROM clinics_clinic WHERE (id = OLD.clinic_id AND merged_into_id = NEW.clinic_id)\n    OR (id = NEW.clinic_id AND merged_into_id = OLD.clinic_id)\n) THEN\n    RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table: no merger leads there', TG_TABLE_NAME;\nEND IF;\n RETURN NEW;", hash='3a786226bea8082429acffdaa24c59f3d7cf7043', operation='UPDATE OR DELETE', pgid='pgtrigger_snapshot_append_only_058aa', table='clinics_snapshot', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='clinic',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('merged_into__isnull', False), ('status', 'merged')), models.Q(models.Q(('status', 'merged'), _negated=True), ('merged_into__isnull', True)), _connector='OR'), name='a_merged_clinic_names_its_survivor'),
        ),
        migrations.AddConstraint(
            model_name='clinic',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into__isnull', True), models.Q(('merged_into', models.F('pk')), _negated=True), _connector='OR'), name='no_clinic_is_its_own_survivor'),
        ),
        migrations.AddConstraint(
            model_name='flag',
            constraint=models.CheckConstraint(condition=models.Q(('joined_into__isnull', True), models.Q(('joined_into', models.F('pk')), _negated=True), _connector='OR'), name='no_flag_is_joined_into_itself'),
        ),
        migrations.AddConstraint(
            model_name='legalhold',
            constraint=models.UniqueConstraint(condition=models.Q(('released_at__isnull', True)), fields=('clinic', 'merged_from'), name='one_legal_hold_in_force_per_clinic', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='snapshot',
            constraint=models.UniqueConstraint(condition=models.Q(('merged_from__isnull', True), ('origin', 'hand')), fields=('clinic', 'text_digest', 'seen_on'), name='one_capture_per_clinic_text_and_day'),
        ),
        migrations.AddField(
            model_name='mergerecord',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='mergerecord',
            name='merged',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merged_by', to='clinics.clinic'),
        ),
        migrations.AddField(
            model_name='mergerecord',
            name='survivor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mergers', to='clinics.clinic'),
        ),
        migrations.AddField(
            model_name='mergerecord',
            name='undone_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='toldapart',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='toldapart',
            name='first',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='told_apart_from_later', to='clinics.clinic'),
        ),
        migrations.AddField(
            model_name='toldapart',
            name='second',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='told_apart_from_earlier', to='clinics.clinic'),
        ),
        migrations.AddField(
            model_name='toldapartevent',
            name='by',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='toldapartevent',
            name='first',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='clinics.clinic'),
        ),
        migrations.AddField(
            model_name='toldapartevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='toldapartevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='clinics.toldapart'),
        ),
        migrations.AddField(
            model_name='toldapartevent',
            name='second',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='clinics.clinic'),
        ),
        migrations.AddConstraint(
            model_name='mergerecord',
            constraint=models.CheckConstraint(condition=models.Q(('survivor', models.F('merged')), _negated=True), name='a_clinic_is_not_merged_into_itself'),
        ),
        migrations.AddConstraint(
            model_name='mergerecord',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='a_merger_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='mergerecord',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('undone_at__isnull', True), ('undone_because', ''), ('undone_by__isnull', True)), models.Q(('undone_at__isnull', False), ('undone_by__isnull', False), models.Q(('undone_because', ''), _negated=True)), _connector='OR'), name='an_undone_merger_has_a_person_a_date_and_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='mergerecord',
            constraint=models.UniqueConstraint(condition=models.Q(('undone_at__isnull', True)), fields=('merged',), name='a_clinic_is_merged_into_one'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mergerecord',
            trigger=pgtrigger.compiler.Trigger(name='merger_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='d42e52029f8e882cc480896148126daa44ab4c11', operation='DELETE', pgid='pgtrigger_merger_kept_3cdfb', table='clinics_mergerecord', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mergerecord',
            trigger=pgtrigger.compiler.Trigger(name='undone_merger_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."undone_at" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='fdf388a0279f0c8a02d1c559f73ac2e91a100fee', operation='UPDATE', pgid='pgtrigger_undone_merger_stays_66975', table='clinics_mergerecord', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='toldapart',
            constraint=models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='the_older_record_stands_first'),
        ),
        migrations.AddConstraint(
            model_name='toldapart',
            constraint=models.UniqueConstraint(fields=('first', 'second'), name='a_pair_is_told_apart_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='toldapart',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "clinics_toldapartevent" ("at", "by_id", "first_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "second_id") VALUES (NEW."at", NEW."by_id", NEW."first_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."second_id"); RETURN NULL;', hash='c6132e6a0715e32069ab3de51456d23a99043f38', operation='INSERT', pgid='pgtrigger_insert_insert_d681b', table='clinics_toldapart', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='toldapart',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "clinics_toldapartevent" ("at", "by_id", "first_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "second_id") VALUES (NEW."at", NEW."by_id", NEW."first_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."second_id"); RETURN NULL;', hash='be0bb6a1f766aac5644cc20495e8ab08387d0030', operation='UPDATE', pgid='pgtrigger_update_update_9ea28', table='clinics_toldapart', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='toldapart',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "clinics_toldapartevent" ("at", "by_id", "first_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "second_id") VALUES (OLD."at", OLD."by_id", OLD."first_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."second_id"); RETURN NULL;', hash='8961de84ef718df8719e7a14210ea9b43e9361a8', operation='DELETE', pgid='pgtrigger_delete_delete_fabd2', table='clinics_toldapart', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='toldapartevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='af96baeef45bda0875a4afb3272e7e61557e9675', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_aec28', table='clinics_toldapartevent', when='BEFORE')),
        ),
    ]
