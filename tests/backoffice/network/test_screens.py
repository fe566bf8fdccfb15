"""What staff do with the network from the panel, and who may."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from backoffice.accounts.models import User
from backoffice.common import deleting
from backoffice.customers.models import Customer, Service
from backoffice.network import services
from backoffice.network.models import NapBox, NapPort, Olt, Seal, Supply, Unit
from backoffice.network.services.stock import Destination
from tests.backoffice.network import plant
from tests.backoffice.sheets import applied, bring, imported, last, undone
from tests.tables import ask, left

pytestmark = pytest.mark.django_db


def url(name: str, *args: object) -> str:
    return reverse(f"admin:{name}", args=args)


BOX = {"name": "NAP-GC-014", "capacity": "8", "address": "Belgrano 120"}

# --- boxes and ports ---


def test_a_box_is_added_with_the_coordinates_of_google_maps(admin: Client) -> None:
    plant.olt()
    data = BOX | {"pon": plant.pon(2).pk, "zone": plant.zone().pk, "coordinates": "-32.8908, -68.8272"}
    assert admin.post(url("network_napbox_add"), data).status_code == 302
    box = NapBox.objects.get()
    assert (str(box.point), box.ports.count(), str(box.pon)) == ("-32.890800, -68.827200", 8, "OLT Central · PON 2")
    page = admin.get(url("network_napbox_change", box.pk)).text
    assert 'value="-32.890800, -68.827200"' in page
    assert "query=-32.890800,-68.827200" in page
    assert "0 de 8" in admin.get(url("network_napbox_changelist")).text


def test_what_is_wrong_is_told_at_its_field_with_all_that_was_typed(admin: Client) -> None:
    page = admin.post(url("network_napbox_add"), BOX | {"coordinates": "https://maps.app.goo.gl/x"})
    assert "Los enlaces cortos" in page.context["adminform"].form.errors["coordinates"][0]
    assert "Belgrano 120" in page.text
    box = plant.box("NAP-1", capacity=4)
    services.connect(port=plant.port(3), service=plant.service())
    page = admin.post(url("network_napbox_change", box.pk), {"name": "NAP-1", "capacity": "2", "address": "Otra 12"})
    assert "El puerto 3 está ocupado" in page.context["adminform"].form.errors["capacity"][0]
    assert "Otra 12" in page.text
    assert box.ports.count() == 4


def test_a_box_in_use_is_not_deleted(admin: Client) -> None:
    box = plant.box()
    services.connect(port=plant.port(1), service=plant.service())
    page = admin.post(url("network_napbox_delete", box.pk), {"post": "yes"}, follow=True)
    assert "tiene puertos en uso" in page.text
    assert NapBox.objects.exists()


def test_boxes_with_room_and_by_who_is_connected(admin: Client) -> None:
    full, _ = plant.box("NAP-LLENA", capacity=1), plant.box("NAP-VACIA", at="")
    services.connect(port=plant.port(1, full), service=plant.service())
    listed = {
        ("lugar", "con"): ["NAP-VACIA"],
        ("lugar", "llenas"): ["NAP-LLENA"],
        ("lugar", "sin-mapa"): ["NAP-VACIA"],
        ("q", "María"): ["NAP-LLENA"],
        ("q", "000101"): ["NAP-LLENA"],
    }
    for (name, value), names in listed.items():
        page = admin.get(url("network_napbox_changelist"), {name: value})
        assert [box.name for box in page.context["cl"].result_list] == names, (name, value)


def test_a_customer_is_connected_by_name_and_chosen_when_there_are_two(admin: Client) -> None:
    plant.box()
    home, shop = plant.service(), plant.service(address="Mitre 20")
    there = url("panel_connect_port", plant.port(1).pk)
    assert "Escribí qué cliente es" in admin.post(there, {}).text
    assert "No hay ningún cliente activo" in admin.post(there, {"customer": "Nadie"}).text
    page = admin.post(there, {"customer": "María", "note": "cable verde"}).text
    assert "Hay más de uno" in page
    assert f'value="{shop.pk}"' in page
    assert "cable verde" in page
    page = admin.post(there, {"customer": "María", "service": shop.pk}, follow=True).text
    assert "María González quedó en el puerto 1 de NAP-GC-001" in page
    assert "Mitre 20" in page
    assert admin.post(url("panel_connect_port", plant.port(2).pk), {"customer": "San Martín 450"}).status_code == 302
    assert plant.port(2).service == home


def test_a_port_is_reserved_broken_and_freed(admin: Client) -> None:
    plant.box()
    there = url("panel_set_port", plant.port(1).pk)
    assert "para quién se reserva" in admin.post(there, {"state": "reserved"}).text
    assert "quedó reservado" in admin.post(there, {"state": "reserved", "note": "Lucía"}, follow=True).text
    assert "quedó libre" in admin.post(there, {"state": "free"}, follow=True).text
    assert admin.post(there, {"state": "occupied", "note": "x"}).status_code == 200
    assert plant.port(1).state == "free"
    page = admin.get(url("network_napport_change", plant.port(1).pk), follow=True)
    assert "Conectar a un cliente" in page.text


def test_the_page_of_a_port_makes_the_same_queries_whatever_its_box(
    admin: Client, django_assert_max_num_queries: Callable
) -> None:
    box = plant.box(capacity=32)
    for number in range(1, 20):
        services.connect(port=plant.port(number), service=plant.service(f"Vecino {number}", f"9{number:05d}"))
    with django_assert_max_num_queries(15):
        assert "Vecino 19" in admin.get(url("panel_nap_port", plant.port(1).pk)).text
    with django_assert_max_num_queries(19):
        assert "Vecino 19" in admin.get(url("network_napbox_change", box.pk)).text


def test_the_map_draws_the_boxes_and_says_which_are_near(
    admin: Client, django_assert_max_num_queries: Callable
) -> None:
    for number in range(30):
        plant.box(f"NAP-{number:03d}", at=f"-32.9{number:02d}, -68.8{number:02d}")
    plant.box("NAP-SIN-MAPA", at="", address="Belgrano 120")
    with django_assert_max_num_queries(14):
        page = admin.get(url("panel_nap_map"), {"cerca": "-32.901, -68.801"})
    assert page.text.count("<circle") == 31
    assert [(near.box.name, told) for near, told in page.context["found"]][:1] == [("NAP-001", "acá mismo")]
    assert "1 sin ubicar" in page.text
    written = page.context["names"]
    assert 1 <= len(written) < 30  # a name that would cover another is not written
    for dot in page.context["dots"]:
        assert 0 <= dot.x <= page.context["wide"]
        assert 0 <= dot.y <= page.context["tall"]
    assert "NAP-SIN-MAPA" in admin.get(url("panel_nap_map"), {"cerca": "Belgrano 100"}).text
    assert "No conocemos esa calle" in admin.get(url("panel_nap_map"), {"cerca": "Calle Falsa 1"}).text
    assert "<circle" not in admin.get(url("panel_nap_map"), {"zona": "99999"}).text


def test_a_single_box_is_in_the_middle_of_the_map(admin: Client) -> None:
    plant.box()
    [dot] = admin.get(url("panel_nap_map")).context["dots"]
    assert (dot.x, dot.y) == (500, 280)


# --- equipment ---


def test_many_are_entered_by_scanning_them(admin: Client) -> None:
    data = {"item": plant.onu().pk, "deposit": plant.deposit().pk, "reason": "Remito 44"}
    page = admin.post(url("network_unit_add"), data | {"serials": "HWTC0001\nab\nHWTC0001"})
    told = page.context["adminform"].form.errors["serials"]
    assert told[0].startswith("Hay 2 líneas con problemas")
    assert any("Línea 2" in line for line in told)
    assert "HWTC0001\nab" in page.text.replace("\r", "")
    page = admin.post(url("network_unit_add"), data | {"serials": "HWTC0001\nHWTC0002 A4:C6:4F:00:11:22"}, follow=True)
    assert "Se cargaron 2 equipos en Depósito Central" in page.text
    page = admin.get(url("network_unit_change", Unit.objects.get(serial="HWTC0001").pk)).text
    assert "Remito 44" in page
    assert "Elena Soto" in page
    for term in ("hwtc-0002", "a4:c6:4f:00:11:22"):
        page = admin.get(url("network_unit_changelist"), {"q": term})
        assert [unit.serial for unit in page.context["cl"].result_list] == ["HWTC0002"]


def test_units_are_moved_together_to_a_technician_and_to_a_house(admin: Client) -> None:
    services.add_units(item=plant.onu(), serials="HWTC0001\nHWTC0002", deposit=plant.deposit())
    juan, there = plant.technician(), url("panel_move_units")
    page = admin.post(there, {"serials": "HWTC0001\nHWTC9999", "state": "technician", "technician": juan.pk}).text
    assert "no hay ningún equipo con esa serie" in page
    assert "HWTC9999" in page
    assert "Elegí qué técnico" in admin.post(there, {"serials": "HWTC0001", "state": "technician"}).text
    page = admin.post(
        there, {"serials": "HWTC0001\nHWTC0002", "state": "technician", "technician": juan.pk}, follow=True
    ).text
    assert "2 equipos · en poder de un técnico: Juan Pérez" in page
    plant.service()
    page = admin.post(there, {"serials": "HWTC0001", "state": "installed", "customer": "maría"}, follow=True).text
    assert "HWTC0001 · instalado: María González" in page
    assert "Escribí el motivo" in admin.post(there, {"serials": "HWTC0002", "state": "repair"}).text


def test_the_form_of_a_unit_does_not_move_it(admin: Client) -> None:
    [unit] = services.add_units(item=plant.onu(), serials="HWTC0001", deposit=plant.deposit())
    data = {"item": unit.item_id, "serial": "hwtc-0009", "mac": "a4c64f001122", "notes": "x", "state": "retired"}
    assert admin.post(url("network_unit_change", unit.pk), data).status_code == 302
    unit.refresh_from_db()
    assert (unit.serial, unit.mac, unit.state) == ("HWTC0009", "A4C64F001122", "deposit")
    page = admin.post(url("network_unit_change", unit.pk), data | {"mac": "zz"})
    assert "La MAC tiene 12" in page.context["adminform"].form.errors["mac"][0]
    version = unit.history.last().pk
    assert admin.post(url("network_unit_simple_history", unit.pk, version), data).status_code == 403
    assert admin.get(url("network_unit_simple_history", unit.pk, version)).status_code == 200


def test_the_customers_page_shows_what_is_installed(admin: Client) -> None:
    plant.box()
    maria = plant.service()
    services.connect(port=plant.port(2), service=maria)
    units = services.add_units(item=plant.onu(), serials="HWTC0001", deposit=plant.deposit())
    services.move_units(units=units, to=Destination("installed", service=maria))
    services.receive_seals(first="FS1001", last="FS1002")
    services.use_seal(code="FS1001", service=maria)
    page = admin.get(url("customers_customer_change", maria.customer_id)).text
    for shown in ("NAP-GC-001 · puerto 2", "ONU Huawei HG8310M HWTC0001", "FS1001"):
        assert shown in page


FREE_FIRST = "Tiene asignado el puerto 3 de la caja NAP-12: liberalo primero."


@pytest.fixture
def maria() -> Service:
    """María's service, on port 3 of NAP-12."""
    plant.box("NAP-12")
    service = plant.service()
    services.connect(port=plant.port(3), service=service)
    return service


def test_a_customer_on_a_port_is_not_deleted_and_the_panel_says_what_to_do(admin: Client, maria: Service) -> None:
    there = url("customers_customer_delete", maria.customer_id)
    for answer in (admin.get(there, follow=True), admin.post(there, {"post": "yes"}, follow=True)):
        assert FREE_FIRST in answer.text
        assert answer.redirect_chain[-1][0] == url("customers_customer_change", maria.customer_id)
    with pytest.raises(deleting.InUse, match="puerto 3"):
        deleting.delete(maria.customer)
    services.set_port(port=plant.port(3), state="free")
    assert admin.post(there, {"post": "yes"}).status_code == 302
    assert not Customer.objects.exists()


def test_of_what_else_is_needed_it_is_told_how_many(admin: Client, maria: Service) -> None:
    units = services.add_units(item=plant.onu(), serials="HWTC0001", deposit=plant.deposit())
    services.move_units(units=units, to=Destination("installed", service=maria))
    services.receive_seals(first="FS1001", last="FS1002")
    for code in ("FS1001", "FS1002"):
        services.use_seal(code=code, service=maria)
    page = admin.get(url("customers_service_delete", maria.pk), follow=True).text
    assert f"{FREE_FIRST} No se puede borrar: tiene 1 equipo, 1 movimiento de equipo y 2 precintos." in page


def test_a_service_on_a_port_is_not_taken_out_of_its_customer(admin: Client, maria: Service) -> None:
    there = url("customers_customer_change", maria.customer_id)
    data = {"name": "María González", "code": "000101", "status": "active"}
    for prefix, count in (("phones", 0), ("services", 1), ("invoices", 0)):
        data |= {f"{prefix}-TOTAL_FORMS": str(count), f"{prefix}-INITIAL_FORMS": str(count)}
    row = {"id": maria.pk, "customer": maria.customer_id, "plan": maria.plan_id, "price": "1", "status": "active"}
    data |= {f"services-0-{name}": str(value) for name, value in (row | {"DELETE": "on"}).items()}
    assert FREE_FIRST in admin.post(there, data).text
    assert Service.objects.exists()


def test_what_an_import_brought_and_has_a_port_by_now_stays_and_says_why(admin: Client) -> None:
    plant.box("NAP-12")
    row = "número de cliente;nombre\n201;Zulma Iturbe\n202;Pedro Lucero\n"
    customers = imported(admin, "customers_customer", row)
    plant.service(name="Ana Ruiz")
    row = "número de cliente;plan;precio mensual;dirección\n201;Fibra 100;1;Mitre 1\n"
    contracts = imported(admin, "customers_service", row)
    services.connect(port=plant.port(3), service=Service.objects.get(address="Mitre 1"))
    for one, who in ((contracts, "Fibra 100 · Mitre 1"), (customers, "Zulma Iturbe")):
        undone(admin, one)
        assert [told[1:] for part in one.chunks.all() for told in part.kept] == [[who, FREE_FIRST]]
    assert set(Customer.objects.values_list("name", flat=True)) == {"Zulma Iturbe", "Ana Ruiz"}


# --- supplies ---


def test_supplies_come_go_and_change_of_place(admin: Client) -> None:
    there = url("panel_move_supplies")
    data = {"item": plant.cable().pk, "deposit": plant.deposit().pk, "quantity": "500", "reason": "Compra"}
    assert "Ahora hay 500 m" in admin.post(there, data | {"what": "in"}, follow=True).text
    page = admin.post(there, data | {"what": "out", "quantity": "501"})
    assert "En Depósito Central hay 500 m" in page.context["form"].errors["quantity"][0]
    assert "A qué depósito" in admin.post(there, data | {"what": "to"}).text
    node = plant.deposit("Nodo Maipú")
    page = admin.post(there, data | {"what": "to", "other": node.pk, "quantity": "100", "reason": ""}, follow=True)
    assert "Ahora hay 100 m de Cable drop en Nodo Maipú" in page.text
    supply = Supply.objects.get(deposit=node)
    assert admin.post(url("network_supply_change", supply.pk), {"minimum": "300", "quantity": "9"}).status_code == 302
    supply.refresh_from_db()
    assert (supply.quantity, supply.minimum) == (100, 300)
    page = admin.get(url("network_supply_changelist"), {"existencias": "faltan"})
    assert list(page.context["cl"].result_list) == [supply]
    assert "Falta reponer" in page.text
    assert "Viene de Depósito Central" in admin.get(url("network_supply_change", supply.pk)).text
    assert f'value="{node.pk}" selected' in admin.get(there, {"insumo": supply.pk}).text
    assert admin.get(there, {"insumo": "x"}).status_code == 200
    again = admin.post(url("network_supply_add"), {"item": supply.item_id, "deposit": node.pk, "minimum": "1"}).text
    assert "Ese artículo ya está cargado en ese depósito" in again


# --- seals ---


def test_seals_from_the_roll_to_the_house(admin: Client) -> None:
    there, juan = url("panel_seals"), plant.technician()
    assert "Cargá la primera tanda" in admin.get(there).text
    does = {
        "recibir": ({"first": "FS001001", "last": "FS001010"}, "Recibidos: 10 precintos, FS001001 a FS001010"),
        "entregar": ({"first": "FS001001", "last": "FS001005", "technician": juan.pk}, "Los tiene Juan Pérez: 5"),
        "usar": ({"code": "FS001002", "customer": "María"}, "El FS001002 quedó en María González"),
        "anular": ({"first": "FS001003", "reason": "Se rompió"}, "Anulado: un precinto"),
    }
    plant.service()
    for what, (data, told) in does.items():
        assert told in admin.post(there, {"que": what, **data}, follow=True).text
    nobody = admin.post(there, {"que": "entregar", "first": "FS001006"}).text
    assert "Elegí a quién se los das" in nobody
    back = admin.post(there, {"que": "entregar", "first": "FS001005", "returned": "on"}, follow=True).text
    assert "Volvieron a la oficina: un precinto" in back
    page = admin.get(there).text
    assert "Números sin explicar" in page
    assert "FS001001" in page
    page = admin.post(there, {"que": "usar", "code": "FS001002", "box": "", "customer": "María"}).text
    assert "ya se usó en María González" in page
    assert "Escribí qué cliente es" in admin.post(there, {"que": "usar", "code": "FS001004"}).text
    assert "No hay ninguna caja" in admin.post(there, {"que": "usar", "code": "FS001004", "box": "NAP-X"}).text
    plant.box()
    assert "quedó en NAP-GC-001" in admin.post(
        there, {"que": "usar", "code": "FS001004", "box": "NAP-GC-001"}, follow=True
    ).text  # fmt: skip
    assert "Elegí qué pasó" in admin.post(there, {"que": "otra"}, follow=True).text


def test_a_seal_is_found_however_it_is_typed_and_corrected(admin: Client) -> None:
    services.receive_seals(first="FS001001", last="FS001003")
    services.void_seals(first="FS001002", last="", reason="Se perdió")
    seal = Seal.objects.get(code="FS001002")
    for term in ("FS001002", "fs1002", "1002"):
        assert list(admin.get(url("network_seal_changelist"), {"q": term}).context["cl"].result_list) == [seal]
    page = url("network_seal_change", seal.pk)
    assert "¿Está mal anotado?" in admin.get(page).text
    there = url("panel_restore_seal", seal.pk)
    assert "Escribí por qué" in admin.post(there, {}, follow=True, HTTP_REFERER=f"http://testserver{page}").text
    assert "otra vez en la oficina" in admin.post(there, {"reason": "Apareció"}, follow=True).text
    seal.refresh_from_db()
    assert seal.state == "stored"


# --- spreadsheets ---


def _imports(admin: Client, name: str, text: str) -> str:
    """What the page said of the file, which was written then."""
    page = bring(admin, f"network_{name}", text)
    applied(admin, last())
    return str(page.text)


def test_boxes_come_from_a_spreadsheet_with_their_ports(admin: Client) -> None:
    plant.olt()
    plant.zone("Maipú")
    head = "nombre;zona;OLT y PON;puertos;dirección;coordenadas\n"
    _imports(admin, "napbox", head + "NAP-1;maipu;OLT Central · PON 2;16;Mitre 20;-32.8908, -68.8272\nNAP-2;;;4;;\n")
    one, two = NapBox.objects.order_by("name")
    assert (one.ports.count(), str(one.zone), str(one.pon), str(one.point)) == (
        16, "Maipú", "OLT Central · PON 2", "-32.890800, -68.827200",
    )  # fmt: skip
    assert (two.ports.count(), two.point) == (4, None)
    page = _imports(admin, "napbox", head + "NAP-3;Nada;;4;;\nNAP-4;;;4;;acá nomás\n")
    assert "No existe «Nada»" in page
    assert "«acá nomás» no son coordenadas" in page
    services.connect(port=plant.port(16, one), service=plant.service())
    assert "El puerto 16 está ocupado" in _imports(admin, "napbox", "nombre;puertos\nNAP-1;8\n")
    assert NapBox.objects.count() == 2
    _imports(admin, "napbox", "nombre;coordenadas\nNAP-2;-32.1, -68.1\n")
    assert str(NapBox.objects.get(name="NAP-2").point) == "-32.100000, -68.100000"


def test_olts_come_with_their_pons(admin: Client) -> None:
    _imports(admin, "olt", "nombre;marca;modelo;IP de gestión;puertos PON\nOLT Sur;ZTE;C320;10.0.0.5;8\n")
    olt = Olt.objects.get()
    assert (olt.brand, olt.model, olt.address, olt.pons.count()) == ("ZTE", "C320", "10.0.0.5", 8)
    assert "IPv4" in _imports(admin, "olt", "nombre;IP de gestión\nOLT Norte;999\n")


@pytest.mark.parametrize("name", ["olt", "napbox", "napport", "item", "unit", "supply", "seal"])
def test_each_list_leaves_as_a_spreadsheet_without_formulas(
    admin: Client, name: str, django_assert_max_num_queries: Callable
) -> None:
    plant.box(address="=cmd|' /C calc'!A1")
    maria = plant.service("=María", address="=1+1")
    services.connect(port=plant.port(1), service=maria, note="=x")
    units = services.add_units(item=plant.onu(), serials="HWTC0001", deposit=plant.deposit())
    services.move_units(units=units, to=Destination("installed", service=maria))
    services.change_supply(item=plant.cable(), deposit=plant.deposit("=Depósito"), change=5, reason="Compra")
    services.receive_seals(first="FS1", last="FS2")
    services.use_seal(code="FS1", service=maria)
    with django_assert_max_num_queries(26):
        rows = left(admin, f"network_{name}")
    assert len(rows) >= 2
    assert not any(cell.startswith(("=", "+")) for row in rows for cell in row)


# --- who may ---


def test_a_supervisor_works_with_the_network_but_does_not_set_it_up(signed_in: Callable[..., Client]) -> None:
    box, client = plant.box(), signed_in("Supervisor")
    for name in (
        "panel_nap_map",
        "network_napbox_changelist",
        "panel_move_units",
        "panel_move_supplies",
        "panel_seals",
    ):
        assert client.get(url(name)).status_code == 200, name
    for name in ("network_napbox_add", "network_olt_add", "network_item_add", "network_napbox_import"):
        assert client.get(url(name)).status_code == 403, name
    assert client.post(url("panel_set_port", plant.port(1).pk), {"state": "reserved", "note": "x"}).status_code == 302
    assert client.post(url("network_napbox_delete", box.pk), {"post": "yes"}).status_code == 403


def test_whoever_may_not_see_customers_sees_ports_without_names(staff: Callable[..., User]) -> None:
    box = plant.box()
    services.connect(port=plant.port(1), service=plant.service("María González"))
    services.connect(port=plant.port(2), service=plant.service("Lucía Paz"))
    services.connect(port=plant.port(3), service=NapPort.objects.get(number=1).service)
    user, client = staff(), Client()
    user.user_permissions.set(
        Permission.objects.filter(
            content_type__app_label="network", codename__in=["view_napbox", "view_napport", "change_napport"]
        )
    )
    client.force_login(user)
    port = plant.port(3).pk
    pages = [
        client.get(url("network_napport_changelist")),
        client.get(url("network_napport_changelist"), {"q": "lucía"}),
        client.get(url("network_napbox_change", box.pk)),
        client.get(url("network_napport_history", port)),
        client.get(url("panel_nap_port", port)),
        client.get(url("panel_nap_port", plant.port(1).pk)),
    ]
    for page in pages:
        assert page.status_code == 200
        assert not any(name in page.content.decode() for name in ("María González", "Lucía Paz")), page.request
    header, *rows = left(client, "network_napport")
    assert header == ["caja", "puerto", "estado", "dirección", "nota"]
    assert "NAP" in rows[0][0]
    forged = ask(client, "network_napport", columns=["cliente", "número de cliente"])
    assert "Elegí al menos una columna" in forged.text
    assert client.post(url("panel_connect_port", plant.port(1).pk), {"customer": "Lucía"}).status_code == 403


def test_whoever_only_looks_changes_nothing(staff: Callable[..., User]) -> None:
    plant.box()
    services.receive_seals(first="FS1", last="FS2")
    user, client = staff(), Client()
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="network", codename__startswith="view_")
    )
    client.force_login(user)
    page = client.get(url("panel_nap_port", plant.port(1).pk)).text
    assert "Conectar a un cliente" not in page
    assert "Anotar uno usado" not in client.get(url("panel_seals")).text
    for name, args in (
        ("panel_connect_port", [plant.port(1).pk]),
        ("panel_set_port", [plant.port(1).pk]),
        ("panel_restore_seal", [Seal.objects.first().pk]),
    ):
        assert client.post(url(name, *args), {"reason": "x"}).status_code == 403, name
    for name in ("panel_move_units", "panel_move_supplies"):
        assert client.get(url(name)).status_code == 403, name
    assert client.post(url("panel_seals"), {"que": "recibir", "first": "FS9"}).status_code == 403
