"""The message templates of a WhatsApp Business account: what Meta approved, what waits, what was refused and why.

`/{account}/message_templates` (developers.facebook.com, «Templates»). Holes are `{{1}}`, `{{2}}`… in order.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from integrations.errors import OutcomeUnknown, Rejected, WrongAnswer
from integrations.http import Wire

Category = Literal["UTILITY", "MARKETING", "AUTHENTICATION"]
FIELDS = "id,name,language,category,status,rejected_reason,components,parameter_format"
PAGE, MOST_PAGES = 100, 60
"""An account has 6,000 templates at most."""
BODY_MAX, LINE_MAX, BUTTON_MAX, BUTTONS_MAX = 1024, 60, 25, 10
_NAME = re.compile(r"[a-z0-9_]{1,512}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
_HOLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


class TemplateStatus(StrEnum):
    """Where a template stands with Meta. `label` is what staff read."""

    APPROVED = "APPROVED"
    PENDING = "PENDING"
    REJECTED = "REJECTED"
    PAUSED = "PAUSED"
    DISABLED = "DISABLED"
    IN_APPEAL = "IN_APPEAL"
    OTHER = "OTHER"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    TemplateStatus.APPROVED: "Aprobada",
    TemplateStatus.PENDING: "En revisión",
    TemplateStatus.REJECTED: "Rechazada",
    TemplateStatus.PAUSED: "En pausa por mala calidad",
    TemplateStatus.DISABLED: "Desactivada",
    TemplateStatus.IN_APPEAL: "En apelación",
    TemplateStatus.OTHER: "En otro estado",
}
_REASONS = {
    "ABUSIVE_CONTENT": "Meta la tomó por abusiva.",
    "INVALID_FORMAT": "Los huecos o el formato no son válidos.",
    "PROMOTIONAL": "Es una promoción, y la categoría dice que no.",
    "TAG_CONTENT_MISMATCH": "El texto no corresponde al idioma o a la categoría.",
    "SCAM": "Meta la tomó por una estafa.",
    "INCORRECT_CATEGORY": "La categoría no corresponde.",
}


@dataclass(frozen=True, slots=True)
class TemplateDraft:
    """A template as staff write it. `examples` show Meta what will fill each hole of the body."""

    name: str
    language: str
    category: Category
    body: str
    examples: tuple[str, ...] = ()
    header: str = ""
    footer: str = ""
    buttons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TemplateInfo:
    """A template as Meta has it. `holes` is how many values its body takes, and `reason` why it was refused."""

    id: str
    name: str
    language: str
    category: str
    status: TemplateStatus
    body: str = ""
    header: str = ""
    footer: str = ""
    buttons: tuple[str, ...] = ()
    holes: int = 0
    reason: str = ""
    plain: bool = True
    """Only its body has holes, and they are numbered: what `content.Template` can fill."""

    @property
    def usable(self) -> bool:
        return self.status is TemplateStatus.APPROVED and self.plain

    def filled(self, params: tuple[str, ...]) -> str:
        """The whole text as it will be read. Raises: ValueError when `params` are not as many as its holes."""
        if len(params) != self.holes:
            raise ValueError(f"{self.name}: {len(params)} values for {self.holes} holes")
        values = {str(place): value for place, value in enumerate(params, 1)}
        body = _HOLE.sub(lambda hole: values.get(hole[1], hole[0]), self.body)
        return "\n\n".join(part for part in (self.header, body, self.footer) if part)


class Templates:
    """The templates of one account. Any call may raise `integrations.errors`."""

    def __init__(self, wire: Wire, account_id: str) -> None:
        self._wire, self._account_id = wire, account_id

    def all(self) -> list[TemplateInfo]:
        """Every one of them, by name and language."""
        found: list[TemplateInfo] = []
        params: dict[str, Any] = {"fields": FIELDS, "limit": PAGE}
        for _ in range(MOST_PAGES):
            told = self._wire.read_json(self._path(), params=params)
            found += _page(told)
            after = _next(told)
            if not after:
                break
            params = params | {"after": after}
        return sorted(found, key=lambda one: (one.name, one.language))

    def create(self, draft: TemplateDraft) -> tuple[str, TemplateStatus]:
        """Ask Meta to approve it: its id, and where it stands. Raises: Rejected, OutcomeUnknown…"""
        _accept(draft)
        head = {"name": draft.name, "language": draft.language, "category": draft.category}
        told = self._wire.write_json("POST", self._path(), json=head | {"components": components(draft)})
        if not isinstance(told, dict) or not told.get("id"):
            raise OutcomeUnknown("a template without its id")
        return str(told["id"]), _status(told.get("status") or "PENDING")

    def edit(self, template_id: str, draft: TemplateDraft) -> None:
        """Change its text and category; it goes to review again. Meta keeps name and language. Raises: Rejected…"""
        _accept(draft)
        self._wire.write("POST", template_id, json={"category": draft.category, "components": components(draft)})

    def delete(self, name: str, template_id: str = "") -> None:
        """One language of it with `template_id`, all of them without. Its name is not free for thirty days."""
        params = {"name": name} | ({"hsm_id": template_id} if template_id else {})
        self._wire.write("DELETE", self._path(), params=params)

    def _path(self) -> str:
        if not self._account_id:
            raise Rejected("no account", staff_text="Falta el identificador de la cuenta de WhatsApp Business.")
        return f"{self._account_id}/message_templates"


def problems(draft: TemplateDraft) -> list[str]:
    """What Meta would refuse, in words for whoever writes it. Empty when there is nothing."""
    holes = _HOLE.findall(draft.body)
    found = {
        "El nombre lleva solo minúsculas sin acento, números y guiones bajos.": not _NAME.fullmatch(draft.name),
        "El idioma es un código como es_AR.": not _LANGUAGE.fullmatch(draft.language),
        "Falta el texto.": not draft.body.strip(),
        f"El texto lleva hasta {BODY_MAX} caracteres.": len(draft.body) > BODY_MAX,
        "Los huecos se numeran en orden, desde {{1}}.": holes != [str(place) for place in range(1, len(holes) + 1)],
        "El texto no puede empezar ni terminar con un hueco.": _hole_at_an_end(draft.body),
        "Va un ejemplo para cada hueco, y ninguno de más.": len(holes) != len(draft.examples)
        or not all(map(str.strip, draft.examples)),
        f"El título y el pie llevan hasta {LINE_MAX} caracteres, en una línea y sin huecos.": not (
            _is_line(draft.header) and _is_line(draft.footer)
        ),
        f"Hasta {BUTTONS_MAX} botones distintos, de hasta {BUTTON_MAX} caracteres.": not _good_buttons(draft.buttons),
    }
    return [said for said, wrong in found.items() if wrong]


def components(draft: TemplateDraft) -> list[dict[str, Any]]:
    """The draft as Meta takes it."""
    body: dict[str, Any] = {"type": "BODY", "text": draft.body}
    if draft.examples:
        body["example"] = {"body_text": [list(draft.examples)]}
    header = [{"type": "HEADER", "format": "TEXT", "text": draft.header}] if draft.header else []
    footer = [{"type": "FOOTER", "text": draft.footer}] if draft.footer else []
    replies = [{"type": "QUICK_REPLY", "text": text} for text in draft.buttons]
    return [*header, body, *footer, *([{"type": "BUTTONS", "buttons": replies}] if replies else [])]


def _accept(draft: TemplateDraft) -> None:
    if found := problems(draft):
        raise Rejected(f"template {draft.name!r:.60}", staff_text=" ".join(found))


def _hole_at_an_end(body: str) -> bool:
    text = body.strip()
    spans = [hole.span() for hole in _HOLE.finditer(text)]
    return bool(spans) and (spans[0][0] == 0 or spans[-1][1] == len(text))


def _is_line(text: str) -> bool:
    return len(text) <= LINE_MAX and "\n" not in text and not _HOLE.search(text)


def _good_buttons(titles: tuple[str, ...]) -> bool:
    fit = all(0 < len(title.strip()) <= BUTTON_MAX and not _HOLE.search(title) for title in titles)
    return fit and len(titles) <= BUTTONS_MAX and len(set(titles)) == len(titles)


def _page(told: Any) -> list[TemplateInfo]:
    rows = told.get("data") if isinstance(told, dict) else None
    if not isinstance(rows, list):
        raise WrongAnswer("an account without its templates")
    return [_info(row) for row in rows if isinstance(row, dict) and row.get("id")]


def _next(told: Any) -> str:
    paging = told.get("paging") if isinstance(told, dict) else None
    if not isinstance(paging, dict) or "next" not in paging or not isinstance(paging.get("cursors"), dict):
        return ""
    return str(paging["cursors"].get("after") or "")


def _info(row: Mapping[str, Any]) -> TemplateInfo:
    found = row.get("components")
    parts = {str(one.get("type")).upper(): one for one in found or [] if isinstance(one, dict)}
    body, header = _text(parts.get("BODY")), _text(parts.get("HEADER"))
    holes = set(_HOLE.findall(body))
    buttons = [one for one in parts.get("BUTTONS", {}).get("buttons") or [] if isinstance(one, dict)]
    numbered = holes == {str(place) for place in range(1, len(holes) + 1)}
    is_text = "HEADER" not in parts or parts["HEADER"].get("format") == "TEXT"
    fixed = not any(_HOLE.search(text) for text in (header, *(str(one.get("url", "")) for one in buttons)))
    return TemplateInfo(
        id=str(row["id"]),
        name=str(row.get("name", "")),
        language=str(row.get("language", "")),
        category=str(row.get("category", "")),
        status=_status(row.get("status")),
        body=body,
        header=header,
        footer=_text(parts.get("FOOTER")),
        buttons=tuple(str(one.get("text", "")) for one in buttons),
        holes=len(holes),
        reason=_reason(row.get("rejected_reason")),
        plain=numbered and is_text and fixed and set(parts) <= {"HEADER", "BODY", "FOOTER", "BUTTONS"},
    )


def _text(part: Any) -> str:
    text = part.get("text") if isinstance(part, dict) else None
    return text if isinstance(text, str) else ""


def _status(value: Any) -> TemplateStatus:
    try:
        return TemplateStatus(str(value).upper())
    except ValueError:
        return TemplateStatus.OTHER


def _reason(value: Any) -> str:
    code = str(value or "NONE").upper()
    return "" if code == "NONE" else _REASONS.get(code, f"Meta la rechazó ({code}).")
