# Everything a developer does, one word each. `make` alone lists them.
# Linux and macOS; on Windows CONTRIBUTING.md names the same commands by hand.

VENV  := .venv
BIN   := $(VENV)/bin
READY := $(VENV)/.ready

# Real open data, when a folder `shared/data` lies beside the checkout. See tests/conftest.py.
ifndef DEUX_PORTES_REAL_DATA
  ifneq ($(wildcard ../shared/data/.),)
    export DEUX_PORTES_REAL_DATA := $(abspath ../shared/data)
  endif
endif

# Whole runs are shared between the cores, with one worker more since tests wait for processes; a
# choice of tests is not worth it.
ifndef ARGS
  SHARED := -n $(shell echo $$(( $$(nproc 2>/dev/null || echo 2) + 1 ))) --dist worksteal
endif

# Is there a screen to show windows on?
SCREEN := $(DISPLAY)$(WAYLAND_DISPLAY)$(filter Darwin,$(shell uname -s))

.PHONY: help run test fuzz lint format bench coverage bundle lock clean

help: ## Lists these words.
	@grep -hE '^[a-z]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed 's/:.*## /\t/' | expand -t 12

# The environment: made from the lock once, and again when the lock or the metadata changes.
$(READY): requirements-dev.lock pyproject.toml .ci/make_venv.sh .ci/system_libraries.sh
	.ci/make_venv.sh $(VENV)
	.ci/system_libraries.sh $(BIN)/python offscreen
	@touch $@

ifneq ($(strip $(SCREEN)),)
run: $(READY) ## Shows the practice desk; without a screen, its pictures go to build/practice.
	.ci/system_libraries.sh $(BIN)/python screen
	$(BIN)/deux-portes practice
else
run: $(READY)
	@echo "No screen here: the practice desk is drawn into build/practice."
	QT_QPA_PLATFORM=offscreen $(BIN)/deux-portes practice --shots build/practice
endif

test: $(READY) ## Runs the tests. ARGS="tests/unit -k name" chooses among them.
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest $(SHARED) $(ARGS)

fuzz: $(READY) ## Hunts for broken promises of the exchange; ARGS="--seconds 3600 --seed 7".
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.exchange.fuzz $(ARGS)

lint: $(READY) ## Form, types and arrows between modules.
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY) ## Puts every file in form.
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(READY) ## Measures on large files.
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest tests/bench -m bench -s -p no:randomly $(ARGS)

coverage: $(READY) ## Runs the tests and refuses what they leave out.
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest --cov --cov-report= $(ARGS)
	$(BIN)/coverage report --include='app/*,sync/*' --fail-under=95
	$(BIN)/coverage report --include='app/domain/*,sync/wire.py,sync/envelope.py' --fail-under=100

bundle: $(READY) ## Builds dist/deux-portes for users, and starts it once.
	$(BIN)/pyinstaller build.spec --noconfirm --log-level WARN
	QT_QPA_PLATFORM=offscreen dist/deux-portes/deux-portes --check
	@du -sh dist/deux-portes

lock: ## Pins every dependency again; ARGS=--upgrade takes newer versions.
	.ci/lock.sh $(ARGS)

clean: ## Removes what building and testing leave behind; keeps .venv.
	rm -rf build dist .coverage htmlcov .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find app ui sync resources tests -type d -name __pycache__ -prune -exec rm -rf {} +
