"""The least branch coverage of each part; `make coverage` fails below it. Run: python -m tests.coverage_floor"""

import sys
from io import StringIO

from coverage import Coverage
from coverage.exceptions import NoDataError

FLOORS = {"bot": 90, "integrations": 90, "backoffice": 80}


def main() -> int:
    data = Coverage()
    data.load()
    low = 0
    for part, floor in FLOORS.items():
        try:
            covered = data.report(include=[f"{part}/*"], file=StringIO())
        except NoDataError:
            covered = 0.0
        mark = "ok" if covered >= floor else "LOW"
        low += covered < floor
        sys.stdout.write(f"coverage {part:<14}{covered:6.1f} %  (at least {floor} %)  {mark}\n")
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
