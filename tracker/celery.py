"""The Celery application. Messages are wake-ups without content: the database is the queue."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")

from django.conf import settings  # the settings module must be named before it is read

# Bounds that belong together: a batch ends before HARD_LIMIT, a host's lease (clinics.operations.turns) outlasts it,
# and the broker gives a message to another worker only after both.
SOFT_LIMIT = 210
HARD_LIMIT = 240
VISIBILITY_TIMEOUT = 600
NIGHTLY = crontab(hour=3, minute=10)

app = Celery("tracker", broker=settings.CELERY_BROKER_URL)
app.conf.update(
    broker_connection_retry_on_startup=True,
    broker_transport_options=(
        {"visibility_timeout": VISIBILITY_TIMEOUT, "unacked_restore_throttle": 1}
        if settings.CELERY_BROKER_URL.startswith("redis")
        else {}
    ),
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_default_queue="clinics",
    task_default_exchange="clinics",
    task_soft_time_limit=SOFT_LIMIT,
    task_time_limit=HARD_LIMIT,
    timezone=settings.TIME_ZONE,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    beat_schedule={
        "tick": {"task": "clinics.tasks.tick", "schedule": settings.TICK_SECONDS, "options": {"expires": 60}},
        "jobs": {"task": "clinics.tasks.work_jobs", "schedule": 5.0, "options": {"expires": 5}},
        "publication": {"task": "clinics.tasks.publish_due", "schedule": 30.0, "options": {"expires": 30}},
        "calendar": {"task": "clinics.tasks.follow_calendar", "schedule": 60.0, "options": {"expires": 60}},
        "digests": {"task": "clinics.tasks.send_digests", "schedule": 900.0, "options": {"expires": 900}},
        "order": {"task": "clinics.tasks.order_queue", "schedule": 3600.0, "options": {"expires": 3600}},
        "wordings": {"task": "clinics.tasks.count_wordings", "schedule": 300.0, "options": {"expires": 300}},
        "dump": {
            "task": "clinics.tasks.make_dump",
            "schedule": NIGHTLY,
            "options": {"expires": 3600},
        },
        "seals": {"task": "clinics.tasks.seal_days", "schedule": 1800.0, "options": {"expires": 1800}},
        "retention": {"task": "clinics.tasks.prune_evidence", "schedule": 86400.0, "options": {"expires": 3600}},
        "visitors": {"task": "clinics.tasks.forget_visitors", "schedule": 3600.0, "options": {"expires": 3600}},
        "room": {"task": "clinics.tasks.measure_store", "schedule": 3600.0, "options": {"expires": 3600}},
        "clock": {"task": "clinics.tasks.recover_from_clock_jump", "schedule": 900.0, "options": {"expires": 900}},
        "months": {"task": "clinics.tasks.prepare_months", "schedule": 86400.0, "options": {"expires": 3600}},
    },
)
app.autodiscover_tasks(["clinics"])
