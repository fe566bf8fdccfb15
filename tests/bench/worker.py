"""`python -m tests.bench.worker`: a process with Django and the run's database, called through its stdin.

One JSON call a line, {"do": "engine.run", "with": {…}}, and one answer, {"gives": …} or {"error": …}.
"""

import importlib
import json
import os
import sys
import traceback


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever prints must not be taken for an answer
    import django

    django.setup()
    for line in sys.stdin:
        call = json.loads(line)
        module, _, name = call["do"].partition(".")
        try:
            answer = {"gives": getattr(importlib.import_module(f"tests.bench.{module}"), name)(**call["with"])}
        except Exception as error:  # noqa: BLE001 - whoever asked gets it, with its place
            answer = {"error": f"{type(error).__name__}: {error}\n{traceback.format_exc()[-1500:]}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
