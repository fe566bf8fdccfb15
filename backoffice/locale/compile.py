"""Turn every `django.po` beside this file into the `django.mo` Django reads; nothing to install.

Run `python backoffice/locale/compile.py` after editing a `.po`; both files are committed.
"""

import ast
import struct
from pathlib import Path

HERE = Path(__file__).resolve().parent
Catalogue = dict[str, str]


def parse(text: str) -> Catalogue:
    """The messages of a `.po`: plurals are joined with NUL, contexts with EOT, as gettext stores them.

    Raises:
        ValueError: a line is neither a keyword, a quoted continuation, a comment nor blank.
    """
    messages: Catalogue = {}
    for block in text.split("\n\n"):
        fields = _fields(block)
        if "msgid" not in fields:
            continue
        key = fields["msgid"]
        if "msgctxt" in fields:
            key = f"{fields['msgctxt']}\x04{key}"
        if "msgid_plural" in fields:
            key = f"{key}\x00{fields['msgid_plural']}"
        messages[key] = "\x00".join(fields[name] for name in sorted(fields) if name.startswith("msgstr"))
    return messages


def _fields(block: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    keyword = ""
    for line in block.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if not line.startswith('"'):
            keyword, _, line = line.partition(" ")
            fields[keyword] = ""
        fields[keyword] += str(ast.literal_eval(line))
    return fields


def pack(messages: Catalogue) -> bytes:
    """The binary catalogue (GNU `.mo`, little-endian, no hash table); untranslated messages are left out."""
    pairs = [(key.encode(), value.encode()) for key, value in sorted(messages.items()) if value.strip("\x00")]
    size = len(pairs)
    texts = b""
    offsets: list[tuple[int, int]] = []
    start = 28 + 16 * size
    for text in [key for key, _ in pairs] + [value for _, value in pairs]:
        offsets.append((len(text), start + len(texts)))
        texts += text + b"\x00"
    header = struct.pack("<7I", 0x950412DE, 0, size, 28, 28 + 8 * size, 0, start)
    return header + b"".join(struct.pack("<2I", *offset) for offset in offsets) + texts


def main() -> None:
    for source in sorted(HERE.rglob("django.po")):
        source.with_suffix(".mo").write_bytes(pack(parse(source.read_text(encoding="utf-8"))))


if __name__ == "__main__":
    main()
