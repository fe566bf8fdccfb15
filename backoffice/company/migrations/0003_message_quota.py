import django.core.validators
from django.db import migrations, models

QUOTA = dict(
    blank=True,
    help_text="Los que incluye tu plan de mensajes: el tablero dice cuántos quedan. Vacío si no tiene límite.",
    null=True,
    validators=[django.core.validators.MinValueValidator(1)],
    verbose_name="mensajes por mes",
)


class Migration(migrations.Migration):

    dependencies = [
        ('company', '0002_fiscal_data_and_points_of_sale'),
    ]

    operations = [
        migrations.AddField(
            model_name='company', name='message_quota', field=models.PositiveIntegerField(**QUOTA)
        ),
        migrations.AddField(
            model_name='historicalcompany', name='message_quota', field=models.PositiveIntegerField(**QUOTA)
        ),
    ]
