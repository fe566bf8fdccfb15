"""The sample sheets come in as they are, and whatever leaves comes back as what it was."""

from io import BytesIO

import pytest
from django.core.files.base import File

from backoffice.common.importing.models import Import
from backoffice.common.services import imports
from backoffice.common.tables.exporting import Sheet, keys_of
from backoffice.common.tables.samples import csv_text, name_of
from backoffice.company.models import Company
from tests import samples

ORDER = """zonas-de-cobertura planes-de-internet promociones preguntas-frecuentes clientes servicios etiquetas contactos
sucursales puntos-de-venta feriados olt cajas-nap articulos depositos"""  # as the manual says it


def brought(table: str, text: str) -> Import:
    return imports.bring(table=table, name="planilla.csv", file=File(BytesIO(text.encode()), "planilla.csv"))


@pytest.mark.django_db
def test_the_samples_come_in_and_what_leaves_comes_back_the_same() -> None:
    company = Company.load()
    company.default_area_code = "261"
    company.save()
    tables = {name_of(one): one for one in samples.importable()}
    assert sorted(tables) == sorted(ORDER.split())
    for name in ORDER.split():
        resource, label = tables[name], tables[name]._meta.model._meta.label_lower
        first = brought(label, (samples.folder() / f"{name}.csv").read_bytes().decode())
        told = [chunk.outcomes for chunk in first.chunks.all() if chunk.wrong]
        assert (first.state, first.wrong, first.new) == (Import.State.READY, 0, first.total), (name, first.error, told)
        imports.apply(one=first)
        imports.do_now(one=first)
        assert first.state == Import.State.DONE, (name, first.error)
        sheet = Sheet(resource, resource.get_export_fields(), keys_of(resource.rows()))
        assert len(sheet.keys) >= first.total, name
        again = brought(label, csv_text(sheet.header, [row for chunk in sheet.chunks() for row in chunk]))
        assert (again.wrong, again.new, again.changed) == (0, 0, 0), (name, again.error)
        assert again.same == len(sheet.keys), name
