# Two commands do everything on a fresh machine: `make demo` and `make test`.
BIN := .venv/bin
INSTALLED := .venv/.installed
HOME_FOLDER := zone
ZONE := $(HOME_FOLDER)/simulated
CUTOFF := 2025-08-31
LAST := 2026-06-30

.PHONY: install demo serve test lint bench-simulate bench-intake lock clean

install: $(INSTALLED)

$(INSTALLED): requirements.lock pyproject.toml
	python3 -m venv .venv
	$(BIN)/pip install --quiet --no-deps --require-hashes --requirement requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/pip check
	touch $@

.env: $(INSTALLED)
	$(BIN)/sandan keys > .env
	chmod 600 .env

demo: $(INSTALLED) .env
	rm -rf $(HOME_FOLDER)
	$(BIN)/sandan simulate --out $(ZONE) --enterprises 2000 --months 36 --orders 500000 --ends-on $(LAST)
	$(BIN)/sandan receive --history $(ZONE)/delivery
	$(BIN)/sandan train --cutoff $(CUTOFF)
	$(BIN)/sandan promote
	$(BIN)/sandan scan --since 2025-09-01 --as-of $(LAST)
	$(BIN)/sandan evaluate --after $(CUTOFF) --truth $(ZONE)/truth
	$(BIN)/sandan report --as-of $(LAST)
	$(BIN)/sandan summary
	$(BIN)/sandan officer regulator --department zone_office --right read --right score

serve: $(INSTALLED) .env
	$(BIN)/sandan serve

test: $(INSTALLED) lint
	$(BIN)/pytest

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/vulture

bench-simulate: $(INSTALLED)
	$(BIN)/python benchmarks/bench_simulate.py

bench-intake: $(INSTALLED)
	$(BIN)/python benchmarks/bench_intake.py

lock: $(INSTALLED)
	$(BIN)/uv pip compile pyproject.toml --extra dev --generate-hashes --no-emit-index-url \
		--no-header --no-annotate --output-file requirements.lock

clean:
	rm -rf .venv $(HOME_FOLDER) build dist
