from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0001_squashed_0007'),
    ]

    operations = [
        migrations.AddField(
            model_name='contact',
            name='trashed_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='en la papelera desde'),
        ),
    ]
