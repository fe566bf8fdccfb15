from django.db import migrations, models
from django.db.models import F, Sum


def from_minutes(apps, schema_editor):
    """The hours of the month that the minutes still tell."""
    metric, hour_count = apps.get_model("operations", "Metric"), apps.get_model("operations", "HourCount")
    rows = metric.objects.filter(minute__gt=0, bound=0).values_list("name").annotate(hour=F("minute") / 60)
    rows = rows.annotate(times=Sum("count")).order_by()
    hour_count.objects.bulk_create(
        [hour_count(name=name, hour=hour, count=times) for name, hour, times in rows], batch_size=500
    )


class Migration(migrations.Migration):

    dependencies = [
        ('operations', '0002_metric'),
    ]

    operations = [
        migrations.CreateModel(
            name='HourCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=20)),
                ('hour', models.PositiveIntegerField()),
                ('count', models.PositiveBigIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'medición por hora',
                'verbose_name_plural': 'mediciones por hora',
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('name', 'hour'), name='hour_count_unique')],
            },
        ),
        migrations.RunPython(from_minutes, migrations.RunPython.noop),
    ]
