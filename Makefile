# Everything lives in .venv; nothing is installed elsewhere. PYTHON is the interpreter to use,
# MEDIA a folder of your own pictures and clips for `make demo` and `make bench-speed`.
PYTHON ?= python3
MEDIA ?=
export MEDIA

VENV := .venv
DEMO := demo
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test lint types check docs bench-speed bench-translate bench-lists bench-pairs docs-report lock clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r target what; \
	do printf '  make %-16s %s\n' "$$target" "$$what"; done
	@echo
	@echo '  MEDIA=folder gives demo and bench-speed your own pictures and clips;'
	@echo '  PYTHON=python3.12 chooses the interpreter (3.11 or later).'

setup: $(VENV)/.ready ## Install everything into .venv (no compiler needed)

demo: $(VENV)/.ready ## Re-hash media into every format, print the cross-walk
	@$(BIN)/python -m hashwalk_bench.demo '$(DEMO)' $${MEDIA:+"$$MEDIA"}

test: $(VENV)/.ready ## Run the tests
	@$(BIN)/python -m pytest -n 2 --dist worksteal -q

lint: $(VENV)/.ready ## Check style, and which room may import which
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

types: $(VENV)/.ready ## Check the types
	@$(BIN)/mypy

check: lint types test ## All of lint, types and test

docs: $(VENV)/.ready ## Write the pages that are generated from the formats
	@$(BIN)/python docs/generate.py

docs-report: $(VENV)/.ready ## Make the report of a drawn corpus in docs/reports
	@work=$$(mktemp -d) && trap 'rm -rf "$$work"' EXIT && $(BIN)/hashwalk bench corpus make \
	    "$$work/corpus" --pictures 40 --clips 4 && $(BIN)/hashwalk bench run --suite quick \
	    --media "$$work/corpus" -o "$$work/run" && $(BIN)/hashwalk bench report "$$work/run" \
	    -o docs/reports/synthetic.html

bench-speed: $(VENV)/.ready ## Measure speed against decoding alone and the peers
	@$(BIN)/python -m hashwalk_bench.speed $${MEDIA:+"$$MEDIA"}

bench-translate: $(VENV)/.ready ## Measure translation: its errors, and against faiss
	@$(BIN)/python -m hashwalk_bench.translation

bench-lists: $(VENV)/.ready ## Measure how fast hash lists are converted
	@$(BIN)/python -m hashwalk_bench.lists

bench-pairs: $(VENV)/.ready ## Measure how fast hashes are compared with all others
	@$(BIN)/python -m hashwalk_bench.pairs.rate

lock: $(VENV)/.created ## Resolve every dependency anew into constraints.txt
	@$(BIN)/python .ci/lock.py > constraints.new && mv constraints.new constraints.txt

clean: ## Remove what make made: .venv, demo, caches
	@rm -rf $(VENV) $(DEMO) build dist constraints.new .mypy_cache .ruff_cache .pytest_cache \
	    .hypothesis .import_linter_cache

$(VENV)/.ready: pyproject.toml constraints.txt | $(VENV)/.created
	@echo 'Installing into $(VENV); the first time takes a minute or two.'
	@$(PIP) install -c constraints.txt --editable '.[bench,dev,heic,iscc,jxl]'
	@touch $@

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo \
	    'hashwalk needs Python 3.11 or later: name one, as in `make setup PYTHON=python3.12`' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo \
	    '$(PYTHON) cannot make virtual environments: `apt-get install python3-venv`, then again' >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@
