"""What agents do by writing: in the main groups they register and take cases, in their own they attend. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot import commands
from bot.turn import (
    AgentCard,
    AnnounceTicket,
    AskRegistration,
    CloseTicket,
    EscalateTicket,
    Line,
    NoteOnTicket,
    RegisterAgent,
    RelayToCustomer,
    ShowTicketInfo,
    TakeTicket,
    TicketCard,
    TransferTicket,
    Turn,
)
from integrations.understanding.words import fold

_TAKE = re.compile(r"(?:lo |la |yo )?(?:tomo|agarro|tomar)(?: el)?(?: ticket| caso)?(?: numero| nro| n)? ?(\d{1,9})")
_AREAS = {
    "ventas": "sales", "venta": "sales", "comercial": "sales",
    "soporte": "support", "tecnica": "support", "tecnico": "support",
}  # fmt: skip
_FILLERS = {"", "a", "al", "la", "el", "de", "area", "agente"}
_TAKE_REFUSALS = (
    "already_taken", "already_yours", "all_busy", "no_groups", "not_registered", "inactive", "ticket_closed",
    "ticket_unknown",
)  # fmt: skip
_TRANSFER_REFUSALS = ("all_busy", "no_groups", "not_registered", "inactive", "ticket_closed", "transfer_self")
_REGISTER_REFUSALS = ("wrong_number", "already_registered")


def run_group(turn: Turn) -> None:
    """What somebody wrote in a group. A group that is not ours is left alone."""
    if turn.group is None:
        return
    if turn.group.is_personal:
        _Attending(turn).run()
    else:
        _main_group(turn)


def run_ticket(turn: Turn) -> None:
    """A case's own timers: its notice at reopening, its alert when nobody took it."""
    if turn.signal is None or turn.ticket is None:
        return
    if turn.signal.kind == "announce":
        turn.do(AnnounceTicket(turn.ticket.id))
    elif turn.signal.kind == "escalate":
        turn.do(EscalateTicket(turn.ticket.id))


def registers_in_private(turn: Turn) -> bool:
    """LISTO in private, from an agent who was asked there (AMB-12). True when it was that."""
    contact, waiting = turn.contact, turn.pending_registrations
    if contact is None or not waiting or not turn.lines or not _says_ready(turn.lines[-1].text):
        return False
    turn.do(RegisterAgent(waiting[0].id, contact.id, _refusals(turn, _REGISTER_REFUSALS)))
    return True


# --- main groups -----------------------------------------------------------------------------


def _main_group(turn: Turn) -> None:
    asked: set[tuple[int | None, int | None]] = set()
    for line in turn.lines:
        command = commands.parse(line.text)
        if command is not None:
            if command.name == commands.HELP or not _is_supervisors(turn):
                _say_once(turn, "desk.supervisor_help" if _is_supervisors(turn) else "desk.main_help")
        elif not _registers(turn, line) and not _is_supervisors(turn):
            case = _case_of(line)
            if case is not None and case not in asked:
                asked.add(case)
                _take(turn, line, *case)


def _is_supervisors(turn: Turn) -> bool:
    return turn.group is not None and turn.group.kind == "supervisor"


def _registers(turn: Turn, line: Line) -> bool:
    """LISTO, quoting the request, or not quoting it from the one number that is pending (AMB-13)."""
    quoted = line.quote.registration_agent_id if line.quote else None
    if quoted is not None:
        if _says_ready(line.text):
            _register(turn, quoted)
        elif turn.sender is not None and not turn.sender.registered:
            _say_once(turn, "desk.not_registered", agente=turn.sender.first_name)
        return True
    if fold(line.text) not in _READY_WORDS:
        return False
    sender = turn.sender
    if sender is not None and not sender.registered:
        _register(turn, sender.id)
        return True
    takes = line.quote is not None and line.quote.ticket_id is not None
    if sender is None and not takes and len(turn.pending_registrations) == 1:
        # Their number may be hidden. The service refuses a known number that is another's: then nothing is said.
        _register(turn, turn.pending_registrations[0].id, quiet=True)
        return True
    return False


_READY_WORDS = ("listo", "lista", "listo listo")


def _says_ready(text: str) -> bool:
    return fold(text).partition(" ")[0] in _READY_WORDS


def _register(turn: Turn, agent_id: int, *, quiet: bool = False) -> None:
    if turn.sender_contact_id is None:
        return
    otherwise = dict.fromkeys(_REGISTER_REFUSALS, "") if quiet else _refusals(turn, _REGISTER_REFUSALS)
    turn.do(RegisterAgent(agent_id, turn.sender_contact_id, otherwise))


def _case_of(line: Line) -> tuple[int | None, int | None] | None:
    """(ticket's id, None) by the post it quotes, else (None, its number) by «tomo 123»."""
    if line.quote is not None and line.quote.ticket_id is not None:
        return line.quote.ticket_id, None
    match = _TAKE.fullmatch(fold(line.text))
    return (None, int(match[1])) if match else None


def _take(turn: Turn, line: Line, ticket_id: int | None, number: int | None) -> None:
    sender = turn.sender
    if sender is None:
        if len(turn.pending_registrations) == 1:
            turn.do(AskRegistration(turn.pending_registrations[0].id))
        else:
            _say_once(turn, "desk.stranger")
    elif not sender.active:
        _say_once(turn, "desk.inactive", agente=sender.first_name)
    elif not sender.registered:
        turn.do(AskRegistration(sender.id))
    else:
        turn.do(TakeTicket(ticket_id, sender.id, line.index, _refusals(turn, _TAKE_REFUSALS), number))


# --- personal groups -------------------------------------------------------------------------


@dataclass(slots=True)
class _Attending:
    """A burst of an agent in their own group, line by line. `ticket` is None once the case is over."""

    turn: Turn
    ticket: TicketCard | None = None

    def run(self) -> None:
        ticket = self.turn.ticket
        self.ticket = ticket if ticket is not None and ticket.in_progress else None
        for line in self.turn.lines:
            command = commands.parse(line.text)
            if command is not None:
                self._obey(line, command)
            elif self.ticket is None:
                _say_once(self.turn, "desk.no_case")
            elif commands.hidden(line.text):
                _say_once(self.turn, "desk.command_inside")
            elif line.has_content:
                self._relay(line, self.ticket)
            else:
                _say_once(self.turn, "desk.cannot_relay")

    def _obey(self, line: Line, command: commands.Command) -> None:
        if command.name == commands.HELP:
            _say_once(self.turn, "desk.help", comandos=self._commands)
        elif not command.name:
            self.turn.say("desk.unknown_command", comando=f"/{command.word}", comandos=self._commands)
        elif self.ticket is None:
            _say_once(self.turn, "desk.no_case")
        else:
            _HANDLERS[command.name](self, line, command.text, self.ticket)

    def _relay(self, line: Line, ticket: TicketCard, text: str | None = None) -> None:
        self.turn.do(RelayToCustomer(ticket.id, line.index, text, _refusals(self.turn, ("not_in_progress",))))

    def _client(self, line: Line, text: str, ticket: TicketCard) -> None:
        if commands.parse(text) is not None or commands.hidden(text):
            _say_once(self.turn, "desk.command_inside")
        elif text or line.media_id or line.location:
            self._relay(line, ticket, text)
        else:
            self.turn.say("desk.client_empty")

    def _close(self, line: Line, text: str, ticket: TicketCard) -> None:
        self.turn.do(CloseTicket(ticket.id, self._agent_id, text, _refusals(self.turn, ("ticket_closed",))))
        self.ticket = None

    def _info(self, line: Line, text: str, ticket: TicketCard) -> None:
        self.turn.do(ShowTicketInfo(ticket.id))

    def _note(self, line: Line, text: str, ticket: TicketCard) -> None:
        if not text:
            self.turn.say("desk.note_empty")
            return
        self.turn.do(NoteOnTicket(ticket.id, self._agent_id, text))
        _say_once(self.turn, "desk.note_saved")

    def _transfer(self, line: Line, text: str, ticket: TicketCard) -> None:
        words = text.replace("@", " ").split()
        while words and fold(words[0]) in _FILLERS:
            words = words[1:]
        if not words:
            self.turn.say("desk.transfer_to_whom")
            return
        area = _AREAS.get(fold(words[0]))
        if area is not None:
            self._send_off(ticket, area, None, words[1:])
            return
        found, used = _named(words, self.turn.rules.agents)
        others = [agent for agent in found if agent[0] != ticket.agent_id]
        if len(others) == 1:
            self._send_off(ticket, None, others[0][0], words[used:])
        elif others:
            self.turn.say("desk.transfer_ambiguous", agentes=_list_of(others))
        elif found:
            self.turn.say("desk.transfer_self")
        else:
            everyone = _list_of(self.turn.rules.agents) or "no hay"
            self.turn.say("desk.transfer_unknown", nombre=words[0][:40], agentes=everyone)

    def _send_off(self, ticket: TicketCard, area: str | None, agent_id: int | None, note: Sequence[str]) -> None:
        otherwise = _refusals(self.turn, _TRANSFER_REFUSALS)
        self.turn.do(
            TransferTicket(ticket.id, self._agent_id, area, agent_id, " ".join(note).lstrip(":,- "), otherwise)
        )
        self.ticket = None

    @property
    def _agent_id(self) -> int | None:
        """Whoever wrote, or the group's owner when their number is hidden."""
        sender: AgentCard | None = self.turn.sender
        if sender is not None:
            return sender.id
        return self.turn.group.agent_id if self.turn.group else None

    @property
    def _commands(self) -> str:
        return self.turn.rules.text("desk.commands")


_HANDLERS: dict[str, Callable[[_Attending, Line, str, TicketCard], None]] = {
    commands.CLIENT: _Attending._client,
    commands.CLOSE: _Attending._close,
    commands.INFO: _Attending._info,
    commands.NOTE: _Attending._note,
    commands.TRANSFER: _Attending._transfer,
}


def _named(words: Sequence[str], agents: Sequence[tuple[int, str]]) -> tuple[list[tuple[int, str]], int]:
    """The agents those words begin with, and how many words that took: a whole name before a first name."""
    for used in range(min(len(words), 4), 0, -1):
        said = fold(" ".join(words[:used]))
        whole = [agent for agent in agents if fold(agent[1]) == said]
        if whole:
            return whole, used
    said = fold(words[0])
    return [agent for agent in agents if fold(agent[1]).partition(" ")[0] == said], 1


def _list_of(agents: Sequence[tuple[int, str]]) -> str:
    return ", ".join(name for _, name in agents)


# --- saying it -------------------------------------------------------------------------------


def _refusals(turn: Turn, codes: Sequence[str]) -> dict[str, str]:
    """The sentence of each refusal; its own blanks are filled by whoever finds it out."""
    return {code: turn.rules.text(f"desk.{code}") for code in codes}


def _say_once(turn: Turn, key: str, **values: str) -> None:
    """A burst of five lines gets one answer, not five."""
    text = turn.rules.text(key, **values)
    if all(said.text != text for said in turn.said):
        turn.say_text(text)
