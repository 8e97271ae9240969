"""Rows of proof carry the hash of their content, and a number by which each day's seal takes them in.

Rows that were written before get both here: their seal proves what they hold from now on, not before.
"""

import hashlib

import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from clinics.domain.content import content_hash

COLUMNS = {
    "check": (
        "started_at id page_id outcome reason status final_url peer robots milliseconds size new_sentences text_digest "
        "evidence ruleset_version extractor_version"
    ),
    "snapshot": (
        "page_id clinic_id origin text_digest blocks_digest body exchange content_type extractor_version taken_at "
        "captured_by_id seen_on described_as"
    ),
    "decision": "flag_id state dismissed_as deferred_until reason scope sentence by_id at",
    "claimversion": "claim_id number content digest published_at first_signed_by_id second_signed_by_id",
    "credentialcheck": (
        "public_id clinic_id practitioner_id kind_id subject register identifier outcome register_word search_terms "
        "document_title register_date matched_by checked_on source_id capture_id state checked_by_id published_by_id "
        "published_at supersedes_id"
    ),
}


def hash_rows(apps, schema_editor):
    """Hash every row of proof that is there already. They are append-only, so their triggers rest meanwhile."""
    for name, columns in COLUMNS.items():
        table = f"clinics_{name}"
        schema_editor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        rows = apps.get_model("clinics", name).objects.all()
        for row in (rows.filter(state="published") if name == "credentialcheck" else rows).iterator(1000):
            found = {}
            if name == "snapshot":
                row.blocks_digest = found["blocks_digest"] = hashlib.sha256(bytes(row.packed_blocks)).hexdigest()
            found["content_hash"] = content_hash({column: getattr(row, column) for column in columns.split()})
            rows.filter(pk=row.pk).update(**found)
        schema_editor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


class Migration(migrations.Migration):

    dependencies = [
        ('clinics', '0017_page_proposals'),
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE clinics_sealing_number", "DROP SEQUENCE clinics_sealing_number"),
        migrations.CreateModel(
            name='LegalHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(help_text='Which proceeding or request, and who asked.', max_length=300)),
                ('placed_at', models.DateTimeField(editable=False)),
                ('released_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('released_because', models.CharField(blank=True, editable=False, max_length=300)),
            ],
            options={
                'ordering': ['-placed_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='LegalHoldEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('reason', models.CharField(help_text='Which proceeding or request, and who asked.', max_length=300)),
                ('placed_at', models.DateTimeField(editable=False)),
                ('released_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('released_because', models.CharField(blank=True, editable=False, max_length=300)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveBigIntegerField(unique=True)),
                ('day', models.DateField(help_text='It holds what is dated before the end of this day, UTC.', unique=True)),
                ('sealed_at', models.DateTimeField()),
                ('former', models.CharField(blank=True, help_text="The former seal's hash.", max_length=64, unique=True)),
                ('trees', models.JSONField(help_text='For each kind of row: how many, up to which number, and their Merkle root.')),
                ('root', models.CharField(help_text='Merkle root over the trees.', max_length=64)),
                ('digest', models.CharField(help_text='SHA-256 of number, day, time, former and root.', max_length=64, unique=True)),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='StoreMeasure',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('bytes_kept', models.PositiveBigIntegerField()),
                ('records', models.PositiveBigIntegerField()),
                ('measured_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Stump',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30)),
                ('start', models.PositiveBigIntegerField(help_text='Position of its first row in the tree, from 0.')),
                ('height', models.PositiveSmallIntegerField(help_text='It stands for 2 to this power rows.')),
                ('digest', models.CharField(max_length=64)),
            ],
            options={
                'ordering': ['seal_id', 'kind', 'start'],
            },
        ),
        migrations.CreateModel(
            name='Tombstone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sealing_number', models.BigIntegerField(db_default=models.Func(models.Value('clinics_sealing_number'), function='nextval'), editable=False)),
                ('content_hash', models.BinaryField(default=b'', max_length=32)),
                ('kind', models.CharField(choices=[('record', 'a record of the evidence store'), ('text', 'the text of a snapshot'), ('checks', 'checks of one month')], max_length=10)),
                ('subject', models.CharField(help_text="The record's or text's SHA-256, or the month.", max_length=64)),
                ('rows', models.PositiveIntegerField(default=1, help_text='How many rows or records it stands for.')),
                ('first_at', models.DateTimeField(help_text='Of what was removed: the earliest date.', null=True)),
                ('last_at', models.DateTimeField(help_text='Of what was removed: the latest date.', null=True)),
                ('reason', models.CharField(max_length=300)),
                ('at', models.DateTimeField(help_text='When it was removed.')),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
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
        migrations.RemoveConstraint(
            model_name='snapshot',
            name='one_snapshot_per_page_and_text',
        ),
        migrations.AddField(
            model_name='check',
            name='content_hash',
            field=models.BinaryField(default=b'', max_length=32),
        ),
        migrations.AddField(
            model_name='check',
            name='sealing_number',
            field=models.BigIntegerField(db_default=models.Func(models.Value('clinics_sealing_number'), function='nextval'), editable=False),
        ),
        migrations.AddField(
            model_name='claimversion',
            name='content_hash',
            field=models.BinaryField(default=b'', max_length=32),
        ),
        migrations.AddField(
            model_name='claimversion',
            name='sealing_number',
            field=models.BigIntegerField(db_default=models.Func(models.Value('clinics_sealing_number'), function='nextval'), editable=False),
        ),
        migrations.AddField(
            model_name='credentialcheck',
            name='content_hash',
            field=models.BinaryField(default=b'', max_length=32),
        ),
        migrations.AddField(
            model_name='credentialcheck',
            name='sealing_number',
            field=models.BigIntegerField(db_default=models.Func(models.Value('clinics_sealing_number'), function='nextval'), editable=False),
        ),
        migrations.AddField(
            model_name='credentialcheckevent',
            name='content_hash',
            field=models.BinaryField(default=b'', max_length=32),
        ),
        migrations.AddField(
            model_name='credentialcheckevent',
            name='sealing_number',
            field=models.BigIntegerField(db_default=models.Func(models.Value('clinics_sealing_number'), function='nextval'), editable=False),
        ),
        migrations.AddField(
            model_name='decision',
            name='content_hash',
            field=models.BinaryField(default=b'', max_length=32),
        ),
        migrations.AddField(
            model_name='decision',
            name='sealing_number',
            field=models.BigIntegerField(db_default=models.Func(models.Value('clinics_sealing_number'), function='nextval'), editable=False),
        ),
        migrations.AddField(
            model_name='snapshot',
            name='blocks_digest',
            field=models.CharField(default='', help_text='SHA-256 of the packed blocks.', max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='snapshot',
            name='content_hash',
            field=models.BinaryField(default=b'', max_length=32),
        ),
        migrations.AddField(
            model_name='snapshot',
            name='pruned_at',
            field=models.DateTimeField(blank=True, help_text='When retention removed words and documents.', null=True),
        ),
        migrations.AddField(
            model_name='snapshot',
            name='sealing_number',
            field=models.BigIntegerField(db_default=models.Func(models.Value('clinics_sealing_number'), function='nextval'), editable=False),
        ),
        migrations.AlterField(
            model_name='snapshot',
            name='packed_blocks',
            field=models.BinaryField(help_text='Empty once retention has removed the words.'),
        ),
        migrations.AddIndex(
            model_name='check',
            index=django.contrib.postgres.indexes.BrinIndex(autosummarize=True, fields=['sealing_number'], name='check_by_sealing_number'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='credentialcheck',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "clinics_credentialcheckevent" ("capture_id", "checked_by_id", "checked_on", "clinic_id", "content_hash", "document_title", "id", "identifier", "kind_id", "matched_by", "notes", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "public_id", "published_at", "published_by_id", "register", "register_date", "register_word", "sealing_number", "search_terms", "source_id", "state", "subject", "supersedes_id") VALUES (NEW."capture_id", NEW."checked_by_id", NEW."checked_on", NEW."clinic_id", NEW."content_hash", NEW."document_title", NEW."id", NEW."identifier", NEW."kind_id", NEW."matched_by", NEW."notes", NEW."outcome", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."practitioner_id", NEW."public_id", NEW."published_at", NEW."published_by_id", NEW."register", NEW."register_date", NEW."register_word", NEW."sealing_number", NEW."search_terms", NEW."source_id", NEW."state", NEW."subject", NEW."supersedes_id"); RETURN NULL;', hash='8c65ced1218688bcbb637248fddb499a051e3fe0', operation='INSERT', pgid='pgtrigger_insert_insert_a8ded', table='clinics_credentialcheck', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='credentialcheck',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "clinics_credentialcheckevent" ("capture_id", "checked_by_id", "checked_on", "clinic_id", "content_hash", "document_title", "id", "identifier", "kind_id", "matched_by", "notes", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "public_id", "published_at", "published_by_id", "register", "register_date", "register_word", "sealing_number", "search_terms", "source_id", "state", "subject", "supersedes_id") VALUES (NEW."capture_id", NEW."checked_by_id", NEW."checked_on", NEW."clinic_id", NEW."content_hash", NEW."document_title", NEW."id", NEW."identifier", NEW."kind_id", NEW."matched_by", NEW."notes", NEW."outcome", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."practitioner_id", NEW."public_id", NEW."published_at", NEW."published_by_id", NEW."register", NEW."register_date", NEW."register_word", NEW."sealing_number", NEW."search_terms", NEW."source_id", NEW."state", NEW."subject", NEW."supersedes_id"); RETURN NULL;', hash='6a82f7b5a90eb3e4cd710dfeb5583a2ef6cb25ac', operation='UPDATE', pgid='pgtrigger_update_update_bec7f', table='clinics_credentialcheck', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='credentialcheck',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "clinics_credentialcheckevent" ("capture_id", "checked_by_id", "checked_on", "clinic_id", "content_hash", "document_title", "id", "identifier", "kind_id", "matched_by", "notes", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "public_id", "published_at", "published_by_id", "register", "register_date", "register_word", "sealing_number", "search_terms", "source_id", "state", "subject", "supersedes_id") VALUES (OLD."capture_id", OLD."checked_by_id", OLD."checked_on", OLD."clinic_id", OLD."content_hash", OLD."document_title", OLD."id", OLD."identifier", OLD."kind_id", OLD."matched_by", OLD."notes", OLD."outcome", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."practitioner_id", OLD."public_id", OLD."published_at", OLD."published_by_id", OLD."register", OLD."register_date", OLD."register_word", OLD."sealing_number", OLD."search_terms", OLD."source_id", OLD."state", OLD."subject", OLD."supersedes_id"); RETURN NULL;', hash='2a72d4efecee6e3201f38eb06dd21da503435c0a', operation='DELETE', pgid='pgtrigger_delete_delete_838a4', table='clinics_credentialcheck', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='snapshot',
            trigger=pgtrigger.compiler.Trigger(name='snapshot_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='94aa34c708384ae3f47481c168c4ecb8ae1ec334', operation='UPDATE OR DELETE', pgid='pgtrigger_snapshot_append_only_058aa', table='clinics_snapshot', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='snapshot',
            constraint=models.UniqueConstraint(condition=models.Q(('origin', 'read'), ('pruned_at__isnull', True)), fields=('page', 'text_digest'), name='one_snapshot_per_page_and_text'),
        ),
        migrations.AddConstraint(
            model_name='snapshot',
            constraint=models.CheckConstraint(condition=models.Q(('pruned_at__isnull', True), ('packed_blocks', b''), _connector='OR'), name='a_pruned_snapshot_has_no_words'),
        ),
        migrations.AddField(
            model_name='legalhold',
            name='clinic',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='legal_holds', to='clinics.clinic'),
        ),
        migrations.AddField(
            model_name='legalhold',
            name='placed_by',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='legalhold',
            name='released_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='legalholdevent',
            name='clinic',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='clinics.clinic'),
        ),
        migrations.AddField(
            model_name='legalholdevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='legalholdevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='clinics.legalhold'),
        ),
        migrations.AddField(
            model_name='legalholdevent',
            name='placed_by',
            field=models.ForeignKey(db_constraint=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='legalholdevent',
            name='released_by',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='seal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('former', ''), ('number', 1)), models.Q(('number__gt', 1), models.Q(('former', ''), _negated=True)), _connector='OR'), name='a_seal_follows_another'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='seal',
            trigger=pgtrigger.compiler.Trigger(name='seal_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1fed278a51a1544acd7e62be66c19d25b5fcbd70', operation='UPDATE OR DELETE', pgid='pgtrigger_seal_append_only_7dd57', table='clinics_seal', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='storemeasure',
            constraint=models.CheckConstraint(condition=models.Q(('id', 1)), name='one_store_measure'),
        ),
        migrations.AddField(
            model_name='stump',
            name='seal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stumps', to='clinics.seal'),
        ),
        migrations.AddIndex(
            model_name='tombstone',
            index=models.Index(fields=['kind', 'subject'], name='tombstone_by_subject'),
        ),
        migrations.AddConstraint(
            model_name='tombstone',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='a_tombstone_has_a_reason'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tombstone',
            trigger=pgtrigger.compiler.Trigger(name='tombstone_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='828a53677c57b7357b6151366d71ad7340f8a17a', operation='UPDATE OR DELETE', pgid='pgtrigger_tombstone_append_only_8487f', table='clinics_tombstone', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='legalhold',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='a_legal_hold_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='legalhold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('released_at__isnull', True), ('released_because', ''), ('released_by__isnull', True)), models.Q(('released_at__isnull', False), ('released_by__isnull', False), models.Q(('released_because', ''), _negated=True)), _connector='OR'), name='a_release_has_a_person_a_date_and_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='legalhold',
            constraint=models.UniqueConstraint(condition=models.Q(('released_at__isnull', True)), fields=('clinic',), name='one_legal_hold_in_force_per_clinic'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='legalhold',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "clinics_legalholdevent" ("clinic_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placed_at", "placed_by_id", "reason", "released_at", "released_because", "released_by_id") VALUES (NEW."clinic_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."placed_at", NEW."placed_by_id", NEW."reason", NEW."released_at", NEW."released_because", NEW."released_by_id"); RETURN NULL;', hash='2c644f59e8c6830f72147295ed5fea71a5630e45', operation='INSERT', pgid='pgtrigger_insert_insert_a3389', table='clinics_legalhold', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='legalhold',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "clinics_legalholdevent" ("clinic_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placed_at", "placed_by_id", "reason", "released_at", "released_because", "released_by_id") VALUES (NEW."clinic_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."placed_at", NEW."placed_by_id", NEW."reason", NEW."released_at", NEW."released_because", NEW."released_by_id"); RETURN NULL;', hash='76335f4bff8b908d3577462441824d984959949a', operation='UPDATE', pgid='pgtrigger_update_update_3003b', table='clinics_legalhold', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='legalhold',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "clinics_legalholdevent" ("clinic_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placed_at", "placed_by_id", "reason", "released_at", "released_because", "released_by_id") VALUES (OLD."clinic_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."placed_at", OLD."placed_by_id", OLD."reason", OLD."released_at", OLD."released_because", OLD."released_by_id"); RETURN NULL;', hash='7e674c46ad0e91a6ad40184ebb8d7220acdbf5b9', operation='DELETE', pgid='pgtrigger_delete_delete_2d630', table='clinics_legalhold', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='legalholdevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1c196fd154bbdd5ab79b22481441063a935ed6bb', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d6b09', table='clinics_legalholdevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='stump',
            constraint=models.UniqueConstraint(fields=('seal', 'kind', 'start'), name='one_stump_per_place'),
        ),
        migrations.RunPython(hash_rows, migrations.RunPython.noop),
    ]
