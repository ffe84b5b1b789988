# Everything is one command. Paths stay relative, so that the folder's name may hold spaces.
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
SERVERS := $(BIN)/python -m dracarys.servers

.DEFAULT_GOAL := help
.PHONY: help run reset shell manage test lint audit pins prove bench clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/installed ## run the site at http://localhost:8000, or PORT=8001 make run
	@exec $(SERVERS) run

reset: .venv/installed ## remove the data of `make run`
	@exec $(SERVERS) reset

shell: .venv/installed ## a Python shell with the site's models
	@exec $(SERVERS) exec -- $(BIN)/python manage.py shell

manage: .venv/installed ## any command of manage.py: make manage ARGS="migrate --plan"
	@exec $(SERVERS) exec -- $(BIN)/python manage.py $(ARGS)

# Many programs are started: what one has compiled, the next one does not compile again.
test: .venv/installed-dev ## all tests; ARGS="-k login" goes to pytest
	@$(BIN)/python -m tests.browser_setup
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

# As in production, where nothing is set up yet: these checks open no connection.
CHECKED := DEBUG=false ALLOWED_HOSTS=example.org \
	DATABASE_URL=postgres://check:check@127.0.0.1/none REDIS_URL=redis://127.0.0.1/0 \
	SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_hex(32))')

lint: .venv/installed-dev ## style, types, layers, templates, migrations, deployment settings, what we stand on
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	git ls-files -z 'templates/**/*.html' | xargs -0 $(BIN)/djade --target-version 5.2 --check
	$(CHECKED) $(BIN)/python manage.py makemigrations --check --dry-run
	$(CHECKED) $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/python -m tests.supply.passwords
	$(BIN)/python -m tests.supply.vendored
	$(BIN)/python -m tests.supply.pins --check
	$(BIN)/python -m tests.supply.bill --check
	$(BIN)/python -m tests.supply.audit --if-reachable

audit: .venv/installed-dev ## known weaknesses in what we stand on; fails where nobody can be asked
	@$(BIN)/python -m tests.supply.audit

pins: .venv/installed-dev ## bring what our packages need up to date; writes constraints.txt and docs/sbom.json
	@: > constraints.txt
	@$(INSTALL) --upgrade --upgrade-strategy eager -r requirements-dev.txt
	@$(BIN)/python -m tests.supply.pins
	@$(BIN)/python -m tests.supply.bill

prove: .venv/installed-dev ## the full figures, in the background, into docs/proof.md; again: how far it is
	@$(BIN)/python -m tests.browser_setup
	@$(BIN)/python -m tests.prove $(ARGS)

bench: .venv/installed-dev ## speed and size beside their limits, into docs/performance.md
	@$(BIN)/python -m tests.browser_setup
	@$(BIN)/python -m tests.bench $(ARGS)

clean: ## remove what was installed and cached; the data stays
	rm -rf .venv staticfiles .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage* htmlcov
	find . -name __pycache__ -not -path './.dracarys/*' -prune -exec rm -rf {} +

# A stamp is newer than the list it was installed from; a list that changed is installed once more.
.venv/installed: requirements.txt constraints.txt | .venv/bin/python
	@echo "Installing what the site needs (once)."
	@$(BIN)/python -m pip --version > /dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@$(INSTALL) -r requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	@echo "Installing what the checks and tests need (once)."
	@$(INSTALL) -r requirements-dev.txt
	@touch $@

.venv/bin/python:
	@$(PYTHON) dracarys/servers/preflight.py
	@$(PYTHON) -m venv .venv
