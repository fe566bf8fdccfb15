"""What agents and supervisors read in their groups. The wording of the manual is kept to the letter."""

from .sentence import Sentence

GROUPS = "Grupos de agentes"
MAIN = "Grupo principal"
PERSONAL = "Grupo personal"
REGISTRATION = "Registro de agentes"
SUPERVISOR = "Grupo de Supervisor"

SENTENCES: tuple[Sentence, ...] = (
    # --- a case arrives ---------------------------------------------------------------------
    Sentence(
        "desk.ticket_support",
        '🚨 Nuevo Ticket de Soporte 🚨\nCliente: {cliente}\nSentimiento: {sentimiento}\nMensaje: "{mensaje}"\n'
        "Para tomar este caso, responde a ESTE mensaje.",
        f"{MAIN}: ticket nuevo de soporte",
        ("cliente", "sentimiento", "mensaje", "numero"),
    ),
    Sentence(
        "desk.ticket_sales",
        '🚨 Nuevo Ticket de Ventas 🚨\nCliente: {cliente}\nSentimiento: {sentimiento}\nMensaje: "{mensaje}"\n'
        "Para tomar este caso, responde a ESTE mensaje.",
        f"{MAIN}: ticket nuevo de ventas",
        ("cliente", "sentimiento", "mensaje", "numero"),
    ),
    Sentence("desk.urgent", "🔴 *URGENTE*", f"{MAIN}: encabeza el aviso de un cliente frustrado o enojado"),
    Sentence(
        "desk.ticket_footer",
        "_Ticket #{numero}. Si no podés citarlo, escribí: tomo {numero}_",
        f"{MAIN}: última línea del aviso",
        ("numero",),
    ),
    Sentence(
        "desk.ticket_note",
        "📝 Nota de {quien}: {nota}",
        f"{MAIN}: nota que viaja con una transferencia",
        ("quien", "nota"),
    ),
    Sentence(
        "desk.ticket_update",
        '🔴 *{cliente}* volvió a escribir (ticket #{numero}).\nSentimiento: {sentimiento}\nMensaje: "{mensaje}"\n'
        "Para tomar este caso, responde a ESTE mensaje.",
        f"{MAIN}: un caso que espera se vuelve urgente",
        ("cliente", "numero", "sentimiento", "mensaje"),
    ),
    # --- taking it --------------------------------------------------------------------------
    Sentence(
        "desk.taken",
        "✅ {agente} ha tomado el caso. La conversación continúa en su grupo personal.",
        f"{MAIN}: alguien tomó el caso",
        ("agente", "numero"),
    ),
    Sentence(
        "desk.taken_in_panel",
        "✅ {agente} ha tomado el caso. La conversación continúa en el panel.",
        f"{MAIN}: alguien tomó el caso desde el panel",
        ("agente", "numero"),
    ),
    Sentence(
        "desk.closed_untaken", "El ticket #{numero} de {cliente} se cerró sin tomarlo.", MAIN, ("numero", "cliente")
    ),
    Sentence("desk.already_taken", "Ya lo tomó {agente}.", f"{MAIN}: el caso ya tiene quien lo atienda", ("agente",)),
    Sentence("desk.already_yours", "Ese caso ya es tuyo: seguilo en «{grupo}».", MAIN, ("grupo",)),
    Sentence(
        "desk.all_busy",
        "Todos los grupos del agente están ocupados. Cerrá algún caso con /fin o pedí más grupos.",
        f"{MAIN}: el agente no tiene un grupo libre",
        ("agente",),
    ),
    Sentence(
        "desk.no_groups",
        "{agente}, tus grupos de atención todavía no están listos. En cuanto se creen vas a poder tomar casos.",
        MAIN,
        ("agente",),
    ),
    Sentence(
        "desk.not_registered",
        "{agente}, todavía falta que completes tu registro: respondé LISTO al mensaje de registro.",
        MAIN,
        ("agente",),
    ),
    Sentence(
        "desk.inactive",
        "{agente}, figurás como Inactivo y no podés tomar casos. Pedile a un supervisor que te active.",
        f"{MAIN}: un agente inactivo quiere tomar un caso",
        ("agente",),
    ),
    Sentence("desk.ticket_closed", "Ese caso ya está cerrado.", GROUPS),
    Sentence("desk.ticket_unknown", "No encuentro el ticket #{numero}.", MAIN, ("numero",)),
    Sentence(
        "desk.stranger",
        "No figurás como agente, así que no puedo darte el caso. Pedile a un supervisor que te agregue desde el panel.",
        f"{MAIN}: quiere tomar un caso alguien que no es agente",
    ),
    Sentence(
        "desk.main_help",
        "Para tomar un caso, respondé citando su mensaje con cualquier texto, o escribí: tomo y el número del ticket. "
        "Lo atendés en tu grupo personal.",
        f"{MAIN}: ayuda",
    ),
    Sentence(
        "desk.supervisor_help",
        "Acá aviso los casos que nadie tomó a tiempo y los que hay que mirar. Se asignan desde el panel.",
        f"{SUPERVISOR}: ayuda",
    ),
    # --- the personal group -----------------------------------------------------------------
    Sentence(
        "desk.assigned",
        '📱 Nuevo Caso Asignado\nCliente: {cliente}\nAgente: {agente}\nMensaje: "{mensaje}"\n\n{detalle}\n\n'
        "📱 Puedes empezar a atender. El cliente recibirá tus mensajes automáticamente.\n\n{comandos}",
        f"{PERSONAL}: empieza un caso",
        ("cliente", "agente", "mensaje", "detalle", "comandos", "numero"),
    ),
    Sentence(
        "desk.commands",
        "Comandos disponibles:\n- /fin [motivo] - Cerrar el caso\n- /info - Ver los datos del cliente\n"
        "- /cliente [mensaje] - Enviar un mensaje directo al cliente\n"
        "- /nota [texto] - Anotar algo que el cliente no ve\n"
        "- /transferir ventas|soporte|agente [nota] - Pasar el caso\n- /ayuda - Ver esta lista",
        f"{PERSONAL}: lista de comandos",
    ),
    Sentence(
        "desk.help",
        "Lo que escribís acá le llega al cliente. Lo que empieza con / nunca le llega.\n\n{comandos}",
        f"{PERSONAL}: ayuda",
        ("comandos",),
    ),
    Sentence(
        "desk.unknown_command",
        "No conozco «{comando}» y no se lo mandé al cliente.\n\n{comandos}",
        f"{PERSONAL}: comando que no existe",
        ("comando", "comandos"),
    ),
    Sentence(
        "desk.command_inside",
        "Mandá el comando en un mensaje aparte. No le envié nada al cliente.",
        f"{PERSONAL}: un comando en medio de un mensaje",
    ),
    Sentence(
        "desk.client_empty",
        "Escribí el mensaje después de /cliente. Por ejemplo: /cliente Gracias por esperar.",
        PERSONAL,
    ),
    Sentence("desk.note_empty", "Escribí la nota después de /nota. Por ejemplo: /nota llamar mañana.", PERSONAL),
    Sentence("desk.note_saved", "📝 Nota guardada. El cliente no la ve.", PERSONAL),
    Sentence(
        "desk.transfer_to_whom",
        "¿A quién se lo paso? Escribí /transferir ventas, /transferir soporte o /transferir y el nombre de un agente.",
        PERSONAL,
    ),
    Sentence(
        "desk.transfer_unknown",
        "No encuentro un área ni un agente activo que se llame «{nombre}». Agentes: {agentes}.",
        PERSONAL,
        ("nombre", "agentes"),
    ),
    Sentence(
        "desk.transfer_ambiguous",
        "Hay más de un agente que se llama así: {agentes}. Escribí el nombre completo.",
        PERSONAL,
        ("agentes",),
    ),
    Sentence("desk.transfer_self", "Ese caso ya lo tenés vos.", PERSONAL),
    Sentence(
        "desk.no_case",
        "Este grupo no tiene un caso asignado. Para tomar uno, respondé a un ticket en el grupo principal.",
        f"{PERSONAL}: escriben y no hay un caso",
    ),
    Sentence(
        "desk.not_in_progress",
        "El caso ya no está En Progreso: tu mensaje no le llegó al cliente.",
        f"{PERSONAL}: el caso se cerró mientras escribían",
    ),
    Sentence("desk.cannot_relay", "Ese tipo de mensaje no se puede enviar al cliente.", PERSONAL),
    Sentence(
        "desk.closed",
        "✅ Caso #{numero} cerrado.\nCliente: {cliente}\nDuración: {duracion}\nMotivo: {motivo}",
        f"{PERSONAL}: termina un caso",
        ("numero", "cliente", "duracion", "motivo"),
    ),
    Sentence(
        "desk.transferred", "↪️ El caso #{numero} pasó a {destino}.", f"{PERSONAL}: se transfirió", ("numero", "destino")
    ),
    Sentence("desk.to_area", "Te paso con el área de {area}.", "Al cliente: su caso pasa a otra área", ("area",)),
    Sentence(
        "desk.to_agent",
        "Te paso con {agente}, que sigue con tu caso.",
        "Al cliente: su caso pasa a otro agente",
        ("agente",),
    ),
    Sentence("desk.retired", "Este grupo ya no recibe casos.", f"{PERSONAL}: se redujo la cantidad de grupos"),
    # --- supervisor -------------------------------------------------------------------------
    Sentence(
        "desk.escalation",
        "⏰ *Ticket sin atender*\nTicket #{numero} ({area})\nCliente: {cliente}\nEspera hace: {espera}\n"
        'Sentimiento: {sentimiento}\nMensaje: "{mensaje}"\nAsignar: {enlace}',
        f"{SUPERVISOR}: nadie tomó un caso a tiempo",
        ("numero", "area", "cliente", "espera", "sentimiento", "mensaje", "enlace"),
    ),
    Sentence(
        "desk.orders_expiring",
        "⏳ *Pedidos en proceso por vencer*\nEn menos de 4 h pasan a VENCIDO:\n{pedidos}\nVerlos: {enlace}",
        f"{SUPERVISOR}: pedidos que alguien atiende y están por vencer",
        ("pedidos", "enlace"),
    ),
    # --- registration -----------------------------------------------------------------------
    Sentence(
        "desk.registration",
        "🤖 REGISTRO DE NUEVO AGENTE\nAgente: {agente}\nGrupos creados: {grupos}\n"
        '@{mencion}, responde "LISTO" a este mensaje para completar tu registro.',
        f"{REGISTRATION}: el pedido",
        ("agente", "grupos", "mencion"),
    ),
    Sentence(
        "desk.registered",
        "✅ ¡Registro completado!\nBienvenido {agente}\nTus {grupos} grupos de atención están listos.\n"
        "Ya puedes comenzar a tomar casos respondiendo a los tickets.",
        f"{REGISTRATION}: la bienvenida",
        ("agente", "grupos"),
    ),
    Sentence("desk.already_registered", "{agente}, tu registro ya está completo.", REGISTRATION, ("agente",)),
    Sentence(
        "desk.wrong_number",
        "Ese registro es de {agente}: tiene que responderlo desde su número.",
        REGISTRATION,
        ("agente",),
    ),
    Sentence(
        "desk.invite",
        "Hola {agente}, WhatsApp no me deja agregarte al grupo «{grupo}». Entrá con este enlace: {enlace}",
        f"{REGISTRATION}: invitación a un grupo",
        ("agente", "grupo", "enlace"),
    ),
)
