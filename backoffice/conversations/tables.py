"""Labels as a spreadsheet. The list of contacts is of `tickets`, which knows who attends each."""

from backoffice.common.tables.columns import Column
from backoffice.common.tables.resources import TableResource
from backoffice.common.tables.widgets import ChoiceWidget
from backoffice.conversations.models import Label


class LabelResource(TableResource):
    name = Column("name", "nombre", example="VIP | Obra nueva | Llamar de tarde")
    tone = Column("tone", "color", ChoiceWidget(Label.Tone, Label.Tone.BRAND), example="Turquesa | Azul | Amarillo")

    class Meta(TableResource.Meta):
        model = Label
        fields = ("name", "tone")
        import_id_fields = ("name",)
