"""The kinds of file that can be imported, as Excel in Spanish writes them."""

from typing import Any

import tablib
from import_export.formats.base_formats import CSV, XLSX


class SemicolonCSV(CSV):
    """As Excel in Spanish writes it; whatever separates the columns is understood."""

    def create_dataset(self, in_stream: Any, **kwargs: Any) -> tablib.Dataset:
        text = in_stream if isinstance(in_stream, str) else in_stream.decode(self.encoding or "utf-8-sig")
        text = text.lstrip("\ufeff")
        first = text.split("\n", 1)[0]
        return super().create_dataset(text, delimiter=max(";,\t", key=first.count), **kwargs)


class Excel(XLSX):
    """Offered where openpyxl is installed, and left out of the list where it is not."""

    def can_import(self) -> bool:
        return bool(self.is_available())
