# The house's set-up. Everything it makes lies in .venv, dashboards/static and the home; a second call does only what changed.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup run city test lint lock

# Compiled modules stay, whatever the caller's shell says: without them Dagster alone takes seconds more at every start.
unexport PYTHONDONTWRITEBYTECODE

PORT ?= 8501
JOBS ?= 2
ARGS ?=
PY := .venv/bin/python

# Imported once at set-up, so that the first run does not wait for the compiler; Great Expectations, as slow as all others, beside them.
IMPORTS := dagster, duckdb, fastexcel, narwhals, plotly.graph_objects, polars, pyarrow.parquet, sqlglot, streamlit.web.bootstrap, xlsxwriter

# The environment holds absolute paths, so a copied folder makes its own anew.
PLACE := $(shell pwd | cksum | cut -d' ' -f1)
RUN_READY := .venv/run-$(PLACE)
TEST_READY := .venv/test-$(PLACE)
WEB_FONT := dashboards/static/liangxin-sans.woff2

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(RUN_READY) $(WEB_FONT) ## make the environment (.venv), from pinned packages with hashes

run: HOME_DIR := $(or $(LIANGXIN_HOME),home)
run: setup ## a sample city at a tenth of its size, through the pipeline, onto http://127.0.0.1:8501
	@$(call serve,--units 19600,a tenth of the sample city)

city: HOME_DIR := $(or $(LIANGXIN_HOME),home-city)
city: setup ## the same with the whole sample city, in a home of its own (home-city)
	@$(call serve,,the whole sample city)

# Exit code 1 of `liangxin run` says that a period could not be published; the others can still be looked at.
define serve
	home='$(HOME_DIR)'; export LIANGXIN_HOME="$$home"; \
	if [ -n "$$(find "$$home/landing" -type f -print -quit 2>/dev/null)" ]; then \
	  echo "== $$home has landing files: they are taken as they are"; \
	else \
	  echo "== Writing $(2) into $$home"; $(PY) -m liangxin sample $(1); \
	fi; \
	echo "== Running the pipeline on $$home"; $(PY) -m liangxin run || [ $$? -eq 1 ]; \
	echo "== Serving the dashboards on http://127.0.0.1:$(PORT) (Ctrl-C ends it)"; exec $(PY) -m liangxin dashboard --port $(PORT)
endef

test: setup $(TEST_READY) ## all tests, with a browser and PostgreSQL installed where there are none; more for pytest in ARGS='-k name'
	@echo "== Looking for a browser and for PostgreSQL"
	@CHROMIUM="$$(tools/chromium.sh)"; export CHROMIUM; echo "  $$CHROMIUM"; \
	POSTGRES="$$(tools/postgres.sh)"; export POSTGRES; echo "  $$POSTGRES"; \
	echo "== Running the tests"; $(PY) -m pytest -n $(JOBS) --dist loadfile $(ARGS)

lint: $(TEST_READY) ## ruff over everything
	@$(PY) -m ruff check . && $(PY) -m ruff format --check .

lock: ## pin requirements/*.in anew, with the hashes of every platform's files (minutes)
	@python="$$(tools/python.sh)"; "$$python" -m venv .venv-lock && .venv-lock/bin/python -m pip install -q pip-tools==7.6.2
	@for set in run test; do echo "== requirements/$$set.txt"; .venv-lock/bin/pip-compile -q --generate-hashes --allow-unsafe --strip-extras \
	  --no-header --no-emit-options --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	  -o requirements/$$set.txt requirements/$$set.in; done

$(RUN_READY): requirements/pip.txt requirements/run.txt pyproject.toml
	@echo "== Making the environment (.venv)"
	@python="$$(tools/python.sh)"; \
	clear=; if ls .venv/run-* > /dev/null 2>&1 && [ ! -e $@ ]; then clear=--clear; fi; \
	"$$python" -m venv $$clear .venv
	@tools/install.sh requirements/pip.txt > /dev/null
	@echo "== Fetching the pinned packages (about a minute)"
	@tools/install.sh requirements/run.txt
	@$(PY) -m pip install -q --no-deps --no-build-isolation --disable-pip-version-check -e .
	@cp offline/liangxin_offline.pth "$$($(PY) -c 'import site; print(site.getsitepackages()[0])')" # no usage lines, whatever tool is started
	@echo "== Compiling what every start imports"
	@$(PY) -c "import great_expectations" & $(PY) -c "import $(IMPORTS)"; wait $$!
	@touch $@

$(TEST_READY): $(RUN_READY) requirements/test.txt
	@echo "== Fetching what the tests need"
	@tools/install.sh requirements/test.txt
	@touch $@

$(WEB_FONT): $(RUN_READY) dashboards/fonts.py dashboards/characters.txt
	@echo "== Cutting the web font"
	@$(PY) -m dashboards.fonts
