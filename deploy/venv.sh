#!/bin/sh
# Makes .venv and installs what is pinned: `venv.sh runtime` for `make up`, `venv.sh dev` for the checks.
# A stamp remembers which requirements are installed, so the next start asks nothing of the network.
set -eu
kind=${1:-runtime}
venv=.venv
python=$venv/bin/python

fail() {
    printf '\n' >&2
    printf '  %s\n' "$@" >&2
    printf '\n' >&2
    exit 1
}

good_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    for candidate in ${PYTHON:-} python3.13 python3.12 python3.11 python3 python; do
        if command -v "$candidate" >/dev/null 2>&1 && good_enough "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    found=$(python3 -V 2>/dev/null || echo "ninguno")
    fail "Mostrador necesita Python 3.11 o más nuevo y acá encontré: $found." \
        "En Debian o Ubuntu: sudo apt install python3 python3-venv. En otro sistema: https://www.python.org/downloads/"
}

wanted() { cat requirements.txt $([ "$kind" = dev ] && echo requirements-dev.txt) | cksum; }

stamp=$venv/.installed
file=requirements.txt
if [ "$kind" = dev ]; then
    stamp=$venv/.installed-dev
    file=requirements-dev.txt
fi

if good_enough "$python" && [ "$(cat "$stamp" 2>/dev/null)" = "$(wanted)" ]; then
    exit 0
fi

if ! good_enough "$python" || ! "$python" -m pip --version >/dev/null 2>&1; then
    base=$(find_python) || exit 1
    echo "Preparando el entorno de Python (sólo la primera vez)…"
    "$base" -m venv --clear "$venv" ||
        fail "No se pudo crear el entorno de Python." "En Debian o Ubuntu falta: sudo apt install python3-venv"
fi
rm -f "$stamp"
echo "Instalando lo que hace falta (uno o dos minutos)…"
"$python" -m pip install -qq --disable-pip-version-check -r "$file" ||
    fail "No se pudieron instalar las dependencias de $file." \
        "Hace falta Internet la primera vez y cada vez que cambian. Revisá la conexión y repetí el comando."
wanted >"$stamp"
