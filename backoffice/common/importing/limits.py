"""How much a file may bring."""

MOST_BYTES = 50 * 1024 * 1024
MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_UNPACKED = 600 * 1024 * 1024  # what an XLSX may weigh once its zip is open
MOST_WORDS = 150 * 1024 * 1024  # of its shared texts, which the library holds in memory
HEADER_WITHIN = 20  # rows among which the names of the columns are looked for: sheets begin with titles
AT_ONCE = 5_000  # rows that are judged and written while somebody waits; more go to the worker


def size_text() -> str:
    return f"{MOST_BYTES // (1024 * 1024)} MB"


def rows_text() -> str:
    return f"{MOST_ROWS:,}".replace(",", ".")
