"""What is done has no time any more, so that the queue and the outbox are found by a small index on both databases."""

import django.utils.timezone
from django.db import migrations, models
from django.db.models import Q


def empty_what_is_done(apps, schema_editor):
    apps.get_model("conversations", "InboxEvent").objects.exclude(state=0).update(ready_at=None)
    settled = ["received", "sent", "delivered", "read", "failed", "discarded"]
    apps.get_model("conversations", "Message").objects.filter(status__in=settled).update(due_at=None)


class Migration(migrations.Migration):

    dependencies = [("conversations", "0002_what_needs_a_person")]

    operations = [
        migrations.RemoveIndex(model_name="inboxevent", name="inbox_pending"),
        migrations.RemoveIndex(model_name="message", name="message_outbox"),
        migrations.RemoveIndex(model_name="message", name="message_uncertain"),
        migrations.AlterField(
            model_name="inboxevent",
            name="ready_at",
            field=models.DateTimeField(blank=True, default=django.utils.timezone.now, null=True),
        ),
        migrations.AlterField(
            model_name="message",
            name="due_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="sale desde"),
        ),
        migrations.RunPython(empty_what_is_done, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="inboxevent",
            index=models.Index(condition=Q(ready_at__isnull=False), fields=["lane", "ready_at"], name="inbox_pending"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=Q(due_at__isnull=False), fields=["channel", "priority", "id"], name="message_outbox"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=Q(due_at__isnull=False), fields=["conversation", "id"], name="message_chat_outbox"
            ),
        ),
        migrations.AddConstraint(
            model_name="inboxevent",
            constraint=models.CheckConstraint(
                condition=~Q(state=0) | Q(ready_at__isnull=False), name="inbox_pending_is_timed"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=~Q(status__in=["queued", "sending", "uncertain"]) | Q(due_at__isnull=False),
                name="message_in_outbox_is_timed",
            ),
        ),
    ]
