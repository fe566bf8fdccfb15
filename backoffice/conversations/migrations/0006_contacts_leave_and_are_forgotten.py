import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0005_only_what_waits_is_indexed'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='contact',
            options={
                'permissions': [
                    ('export_contact', 'Exportar contactos'),
                    ('anonymise_contact', 'Borrar contactos y todo lo que dijeron (Ley 25.326)'),
                ],
                'verbose_name': 'contacto',
                'verbose_name_plural': 'contactos',
            },
        ),
        migrations.AddField(
            model_name='contact',
            name='anonymised_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='anonimizado'),
        ),
        migrations.AlterField(
            model_name='contact',
            name='merged_into',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='merged', to='conversations.contact', verbose_name='unido a'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='contact_merged'),
        ),
    ]
