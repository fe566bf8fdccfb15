"""Which page of the manual explains each screen: the only place that knows (issue 4.6).

A screen is named by its URL; the longest beginning that is listed decides, so a line serves a screen and all that hangs
from it. A test walks every URL of the panel: one that is in neither list fails.
"""

from django.http import HttpRequest

from backoffice.look import NAVIGATION, Item
from backoffice.panel.manual.rendering import page_url

# The beginning of the URL's name → the page, and its section if only a part of it is about that screen.
TOPICS: dict[str, str] = {
    "index": "tablero",
    "panel_live": "tablero",
    "panel_console": "tablero",
    "panel_chat": "conversaciones-y-tickets",
    "panel_ticket": "conversaciones-y-tickets#tickets",
    "panel_take_ticket": "conversaciones-y-tickets#tickets",
    "panel_reply_ticket": "conversaciones-y-tickets#tickets",
    "panel_note_ticket": "conversaciones-y-tickets#tickets",
    "panel_close_ticket": "conversaciones-y-tickets#tickets",
    "panel_reopen_ticket": "conversaciones-y-tickets#tickets",
    "panel_move_ticket": "conversaciones-y-tickets#tickets",
    "tickets_ticket": "conversaciones-y-tickets#tickets",
    "conversations_label": "conversaciones-y-tickets#quién-es",
    "panel_unanswered": "mensajes-pendientes#sin-responder",
    "panel_open_ticket": "mensajes-pendientes#sin-responder",
    "panel_doubtful": "mensajes-pendientes#mensajes-por-revisar",
    "panel_settle": "mensajes-pendientes#mensajes-por-revisar",
    "panel_dead": "mensajes-pendientes#mensajes-que-fallaron",
    "panel_settle_dead": "mensajes-pendientes#mensajes-que-fallaron",
    "panel_sessions": "sesiones-activas",
    "notices_gatewaynotice": "avisos",
    "notices_gateway": "avisos#conectarlo-una-sola-vez",
    "panel_gateway_key": "avisos#conectarlo-una-sola-vez",
    "panel_try_notice": "avisos#probar",
    "panel_send_notice": "avisos#probar",
    "panel_cancel_": "avisos",
    "panel_resend_notice": "avisos",
    "conversations_contact": "contactos",
    "panel_trash_contact": "contactos#borrar-un-contacto",
    "panel_forget_contact": "contactos#borrar-a-una-persona-ley-25326",
    "sales_salesorder": "pedidos",
    "sales_branch": "pedidos#la-lista",
    "panel_order": "pedidos",
    "connections_": "conexiones",
    "panel_connection": "conexiones",
    "panel_add_connection": "conexiones#conectar-uno",
    "panel_try_connection": "conexiones",
    "panel_test_connection": "conexiones",
    "panel_delete_connection": "conexiones",
    "customers_customer": "clientes-y-facturas",
    "customers_service": "clientes-y-facturas",
    "billing_invoice": "clientes-y-facturas",
    "catalog_plan": "planes-promociones-y-zonas#planes-de-internet",
    "catalog_promotion": "planes-promociones-y-zonas#promociones",
    "panel_promotion": "planes-promociones-y-zonas#promociones",
    "catalog_zone": "planes-promociones-y-zonas#zonas-de-cobertura",
    "catalog_salessettings": "planes-promociones-y-zonas#ajustes-de-ventas",
    "catalog_faq": "preguntas-frecuentes",
    "panel_faqs": "preguntas-frecuentes",
    "panel_arrange_faqs": "preguntas-frecuentes",
    "panel_try_faq": "preguntas-frecuentes",
    "panel_nap": "red-y-cajas-nap",
    "panel_connect_port": "red-y-cajas-nap#los-puertos",
    "panel_set_port": "red-y-cajas-nap#los-puertos",
    "network_napbox": "red-y-cajas-nap",
    "network_napport": "red-y-cajas-nap#los-puertos",
    "network_olt": "red-y-cajas-nap#cargarla",
    "network_unit": "equipos-e-insumos#equipos",
    "panel_move_units": "equipos-e-insumos#equipos",
    "network_supply": "equipos-e-insumos#insumos",
    "panel_move_supplies": "equipos-e-insumos#insumos",
    "network_item": "equipos-e-insumos",
    "network_deposit": "equipos-e-insumos",
    "network_seal": "precintos",
    "panel_seals": "precintos",
    "panel_restore_seal": "precintos",
    "panel_tools": "modos-del-bot",
    "panel_change_mode": "modos-del-bot",
    "panel_restart": "modos-del-bot",
    "panel_menu": "menu-del-bot",
    "panel_add_menu": "menu-del-bot",
    "panel_delete_menu": "menu-del-bot",
    "panel_add_option": "menu-del-bot",
    "panel_option": "menu-del-bot",
    "panel_move_option": "menu-del-bot",
    "panel_delete_option": "menu-del-bot",
    "panel_publish_menus": "menu-del-bot#publicar",
    "panel_menu_version": "menu-del-bot#volver-atrás",
    "panel_bring_back_menus": "menu-del-bot#volver-atrás",
    "panel_roll_back_menus": "menu-del-bot#volver-atrás",
    "panel_try_menus": "menu-del-bot#probar-antes-de-publicar",
    "panel_text": "textos-del-bot",
    "panel_save_text": "textos-del-bot",
    "panel_restore_text": "textos-del-bot",
    "panel_group": "agentes-y-grupos",
    "panel_create_group": "agentes-y-grupos#paso-1-crear-los-grupos-principales",
    "panel_add_member": "agentes-y-grupos#paso-2-sumar-agentes-a-un-grupo-principal",
    "panel_remove_member": "agentes-y-grupos#paso-2-sumar-agentes-a-un-grupo-principal",
    "panel_retry_group": "agentes-y-grupos",
    "panel_create_agent": "agentes-y-grupos#paso-3-darles-grupos-personales",
    "panel_change_agent": "agentes-y-grupos#paso-3-darles-grupos-personales",
    "panel_ask_registration": "agentes-y-grupos#paso-4-el-registro",
    "agents_attentionsettings": "agentes-y-grupos#ajustes-de-atención",
    "company_company": "empresa",
    "panel_company": "empresa",
    "company_pointofsale": "empresa",
    "panel_hours": "horarios-y-feriados",
    "company_holiday": "horarios-y-feriados",
    "panel_national_holidays": "horarios-y-feriados",
    "channels_channel": "whatsapp-y-canales",
    "panel_resume_notices": "cuidar-el-numero#cuando-se-frenan-solos",
    "accounts_user": "usuarios",
    "auth_user_password_change": "usuarios",
    "panel_what_they_may": "usuarios#roles",
    "panel_unlock_user": "usuarios",
    "panel_reset_factor": "usuarios",
    "panel_import": "importar-y-exportar",
    "panel_import_people": "usuarios#altas-y-bajas",
    "panel_invite_user": "usuarios#altas-y-bajas",
    "mail_outgoingmail": "correo#correos-enviados",
    "panel_try_mail": "correo#correos-enviados",
    "panel_retry_mail": "correo#correos-enviados",
    "panel_download": "importar-y-exportar#exportar",
    "panel_cancel_download": "importar-y-exportar#exportar",
    "accounts_accesspolicy": "seguridad-y-acceso#seguridad-y-acceso",
    "panel_staff_sessions": "seguridad-y-acceso#sesiones-del-personal",
    "panel_close_staff_sessions": "seguridad-y-acceso#sesiones-del-personal",
    "accounts_auditevent": "seguridad-y-acceso#auditoría",
    "panel_health": "salud-del-sistema",
    "panel_free_lanes": "salud-del-sistema",
    "common_job": "tareas-en-curso",
    "safekeeping_backupsettings": "copias-de-seguridad#cada-cuánto-y-cuántas",
    "panel_backups": "copias-de-seguridad",
    "panel_make_backup": "copias-de-seguridad",
    "panel_check_backup": "copias-de-seguridad",
    "panel_download_backup": "copias-de-seguridad",
    "panel_remove_backup": "copias-de-seguridad",
    "panel_restore_backup": "copias-de-seguridad#restaurar",
    "panel_account": "mi-cuenta",
    "password_change": "mi-cuenta",
    "panel_second_factor": "mi-cuenta#verificación-en-dos-pasos",
    "panel_recovery_codes": "mi-cuenta#verificación-en-dos-pasos",
    "panel_remove_factor": "mi-cuenta#verificación-en-dos-pasos",
    "panel_close_own_sessions": "mi-cuenta",
    "safekeeping_trashitem": "papelera",
    "panel_restore_trash": "papelera",
    "panel_empty_trash": "papelera",
    "panel_changes": "historial",
    "panel_restore_version": "historial",
    "panel_setup": "puesta-en-marcha",
}
# What is no screen (doors, what answers to a script, what only redirects), and the manual itself.
_NO_SCREEN = """login forgotten_password choose_password second_step logout forced_password_change forced_second_factor
jsi18n autocomplete search app_list view_on_site panel_start panel_manual panel_manual_page panel_manual_picture
panel_manual_sample"""
NO_HELP = frozenset(_NO_SCREEN.split())


def topic(url_name: str) -> str:
    """The page (and section) about a screen: «avisos#probar»; empty when there is none."""
    if url_name in NO_HELP:
        return ""
    matching = [begin for begin in TOPICS if url_name.startswith(begin)]
    return TOPICS[max(matching, key=len)] if matching else ""


def help_url(request: HttpRequest) -> str:
    """Where the «Ayuda» link of this page leads; empty where there is nothing to explain."""
    match = request.resolver_match
    about = topic(match.url_name or "") if match is not None else ""
    return page_url(*about.split("#")) if about else ""


def screens_of(slug: str, request: HttpRequest) -> list[Item]:
    """The screens of the sidebar that a page of the manual is about, among those this person may open."""
    return [
        item
        for group in NAVIGATION
        for item in group["items"]
        if (name := item.get("screen")) and topic(name).partition("#")[0] == slug and item["permission"](request)
    ]
