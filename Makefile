# Every target prepares what it needs by itself; see scripts/setup.
.DEFAULT_GOAL := help
.PHONY: help run test lint format bench fuzz soak kills histories days screenshots map lock clean

PYTHON_IN_VENV := .venv/bin/python
CHECKED := $(wildcard src tests benchmarks scripts)

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

run: ## open the app (ARGS="--data DIR" is handed on)
	@scripts/setup run
	@$(PYTHON_IN_VENV) -m homepoint $(ARGS)

test: ## run all tests, linters included (ARGS="tests/domain -k cover" is handed on)
	@scripts/setup test
	@$(PYTHON_IN_VENV) -m pytest -n 2 --dist worksteal $(ARGS)

lint: ## check style, types and layers
	@scripts/setup test
	@$(PYTHON_IN_VENV) -m ruff check .
	@$(PYTHON_IN_VENV) -m ruff format --check .
	@$(PYTHON_IN_VENV) -m mypy $(CHECKED)
	@.venv/bin/lint-imports

format: ## put the code into shape
	@scripts/setup test
	@$(PYTHON_IN_VENV) -m ruff check --fix .
	@$(PYTHON_IN_VENV) -m ruff format .

bench: ## print the ratios of benchmarks/
	@scripts/setup test
	@for program in startup assess sync; do \
		echo "== benchmarks/$$program.py"; $(PYTHON_IN_VENV) "benchmarks/$$program.py" || exit 1; done

fuzz: ## hand 100,000 damaged files to every reader (ARGS="--count 5000" is handed on)
	@scripts/setup test
	@PYTHONPATH=. $(PYTHON_IN_VENV) scripts/fuzz.py $(ARGS)

soak: ## kill the program 50 times while the report is answered (ARGS="--kills 6 --seed 1" is handed on)
	@scripts/setup test
	@PYTHONPATH=. $(PYTHON_IN_VENV) scripts/soak.py $(ARGS)

kills: ## kill it 500 times within edits, backups, restores and migrations (ARGS="--kills 20 --failing-disk")
	@scripts/setup test
	@PYTHONPATH=. $(PYTHON_IN_VENV) scripts/kill_storage.py $(if $(ARGS),$(ARGS),--kills 500)

histories: ## let computers synchronise through 10,000 random histories (ARGS="--count 500 --seed 7" is handed on)
	@scripts/setup test
	@PYTHONPATH=. $(PYTHON_IN_VENV) scripts/sync_histories.py $(if $(ARGS),$(ARGS),--count 10000)

days: ## simulate 1,000 days of reminders (ARGS="--days 100 --seed 7" is handed on)
	@scripts/setup test
	@PYTHONPATH=. $(PYTHON_IN_VENV) scripts/simulate_reminders.py $(if $(ARGS),$(ARGS),--days 1000)

screenshots: ## draw every page into docs/screenshots/
	@scripts/setup test
	@$(PYTHON_IN_VENV) scripts/screenshots.py

map: ## write docs/module-map.md anew
	@scripts/setup test
	@$(PYTHON_IN_VENV) scripts/module_map.py --write

lock: ## write requirements/*.txt anew from pyproject.toml (UPGRADE=1 takes newer releases; needs uv)
	@scripts/lock $(if $(UPGRADE),--upgrade)

clean: ## remove what the targets made, the .venv included; your data stays
	@rm -rf .venv build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	@find src tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +
