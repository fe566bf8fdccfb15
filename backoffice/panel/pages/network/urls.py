"""Where they are; part of `panel/urls.py`."""

from django.urls import path

from backoffice.panel.pages.network import nap_map, ports, seals, supplies, units

urlpatterns = [
    path("red/mapa/", nap_map.nap_map, name="panel_nap_map"),
    path("red/puertos/<int:pk>/", ports.port, name="panel_nap_port"),
    path("red/puertos/<int:pk>/conectar/", ports.connect, name="panel_connect_port"),
    path("red/puertos/<int:pk>/estado/", ports.set_state, name="panel_set_port"),
    path("red/equipos/mover/", units.move, name="panel_move_units"),
    path("red/insumos/mover/", supplies.move, name="panel_move_supplies"),
    path("red/precintos/", seals.seals, name="panel_seals"),
    path("red/precintos/<int:pk>/corregir/", seals.restore, name="panel_restore_seal"),
]
