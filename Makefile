# Everything a person types. `make` alone says what there is.
.DEFAULT_GOAL := help
.PHONY: help up test coverage chaos check chat demo transcripts screenshots samples bench venv venv-dev lint types imports migrations deployable fix

PY := .venv/bin/python
JOBS ?= 3
TEST ?= tests

help: ## esta ayuda
	@echo "Mostrador: la mesa de entrada de un proveedor de Internet."
	@echo
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{printf "%-20s %s\n", $$1, $$2}'
	@echo
	@echo "  Por ejemplo: make up PORT=8001     make up DEMO=0     make test TEST=tests/bot"

up: venv ## arranca todo (panel, bot y tareas); Ctrl-C lo detiene. PORT, DATABASE_URL y DEMO=0 se respetan
	@exec $(PY) -m backoffice.supervise

test: venv-dev ## todas las pruebas; no necesita ningún servicio
	$(PY) -m pytest -n $(JOBS) --dist worksteal $(TEST)

coverage: venv-dev ## las mismas, midiendo cuánto del código recorren (tarda la mitad más)
	$(PY) -m pytest -n $(JOBS) --dist worksteal --cov --cov-report= tests
	@$(PY) -m tests.coverage_floor

chaos: venv-dev ## mata procesos al azar y cuenta que nada se pierda ni se repita (FULL=1, SEED=n)
	@$(PY) -m tests.chaos $(if $(FULL),--full) $(if $(SEED),--seed $(SEED)) $(ARGS)

check: venv-dev lint types imports migrations deployable ## formato, estilo, tipos, dirección de los imports, migraciones y seguridad

chat: venv ## conversar con el bot en la terminal (ARGS="--save nombre" la guarda como prueba)
	@$(PY) manage.py prepare --quiet
	@$(PY) -m bot chat $(ARGS)

demo: venv ## carga la empresa de demostración (FibraSur) en su propia base
	@$(PY) manage.py prepare
	@$(PY) manage.py demo $(ARGS)

transcripts: venv-dev ## reescribe las conversaciones de prueba con lo que el bot contesta hoy
	$(PY) -m pytest tests/transcripts --update-transcripts

screenshots: venv-dev ## saca de nuevo las capturas del manual
	$(PY) -m tests.end_to_end.screenshots

samples: venv-dev ## reescribe las planillas de muestra del manual con las columnas de hoy
	@$(PY) -m tests.samples

bench: venv-dev ## mide contra los límites de esta máquina (ONLY=turns para una parte, FULL=1 con un año de chats)
	@$(PY) -m tests.bench $(if $(FULL),--full) $(if $(STRICT),--strict) $(if $(ONLY),--only $(ONLY)) $(ARGS)

# --- the pieces -----------------------------------------------------------------------------
# What is given to make (`make up PORT=8001`) reaches the processes as the environment does.

venv:
	@sh deploy/venv.sh runtime

venv-dev:
	@sh deploy/venv.sh dev

lint:
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .

types:
	$(PY) -m mypy

imports:
	$(PY) -c "from importlinter.cli import lint_imports_command as c; c()"

migrations:
	$(PY) manage.py makemigrations --check --dry-run

# As production would start: any warning of Django's own checklist is a failure.
deployable:
	ENVIRONMENT=production DEBUG=0 ALLOWED_HOSTS=panel.example.com PUBLIC_URL=https://panel.example.com \
	SECRET_KEY=$$($(PY) -c "import secrets; print(secrets.token_urlsafe(50))") \
	$(PY) manage.py check --deploy --fail-level WARNING

fix: venv-dev
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .
