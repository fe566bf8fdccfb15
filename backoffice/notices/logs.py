"""No key of a gateway in the logs: some systems can send it only in the address."""

import logging
import re

_ADDRESS = re.compile(r"(/gateway/[\w-]*)[/?][^\s'\"]*")


class HideKeys(logging.Filter):
    """Cuts every gateway's address after its name, whoever writes the line (settings, `LOGGING`)."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if "/gateway/" in message:
            record.msg, record.args = _ADDRESS.sub(r"\1/•••", message), ()
        return True
