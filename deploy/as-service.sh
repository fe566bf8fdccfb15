#!/bin/sh
# Runs a command as the services do: same user, same environment. Example: sh deploy/as-service.sh manage.py prepare
set -eu
cd "$(dirname "$0")/.."
exec systemd-run --quiet --pipe --wait --collect --uid=mostrador --gid=mostrador \
    --working-directory="$PWD" --property=EnvironmentFile=/etc/mostrador/env "$PWD/.venv/bin/python" "$@"
