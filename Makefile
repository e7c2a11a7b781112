# The two commands are `make run` and `make test`; `make help` lists the others.
SHELL := /bin/bash
.DEFAULT_GOAL := help

export PORT ?= 8000
export DATA_DIR ?= $(CURDIR)/data

bin := .venv/bin
languages := accreditation/translations
catalogue := $(languages)/messages.pot
extract = $(bin)/pybabel --quiet extract --mapping-file pyproject.toml --sort-output \
	--add-location file --keyword N_ --keyword _l --keyword lazy_gettext \
	--ignore-dirs ".* data node_modules" --project accreditation --output-file $(catalogue) .
update = $(bin)/pybabel --quiet update --no-fuzzy-matching --ignore-obsolete \
	--ignore-pot-creation-date --input-file $(catalogue) --output-dir $(languages)
compile := $(bin)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links

tools := .venv-checks/bin
ours := accreditation certificates workflows ops drills

.PHONY: help run test setup setup-test setup-checks lint format types checks audit sbom mutations \
	translations translations-check lock wheel

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-19s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: export DEMO = 1
run: setup ## install what is missing, then start the site with demonstration data
	@$(bin)/accreditation init
	@exec $(bin)/accreditation serve

test: setup-test ## install what is missing, then run every test
	@$(bin)/python ops/run_tests.py

setup: ## install what is missing to use the system
	@ops/setup run

setup-test: ## install what is missing to work on it
	@ops/setup test

lint: setup-test ## rules for code and templates, and which part may import which
	$(bin)/ruff check
	$(bin)/ruff format --check
	$(bin)/lint-imports
	$(bin)/djlint --lint templates

format: setup-test ## put the code into the house's form
	$(bin)/ruff check --fix
	$(bin)/ruff format

types: setup-test ## check the types
	$(bin)/mypy

setup-checks:
	@ops/setup checks

checks: setup-checks ## look for dangerous code and for secrets: bandit, our semgrep rules, detect-secrets
	$(tools)/bandit --quiet --level --level --configfile pyproject.toml --exclude ops/semgrep \
		--recursive $(ours)
	$(tools)/python ops/check_rules.py
	SEMGREP_SEND_METRICS=off $(tools)/semgrep scan --quiet --strict --error --timeout 0 --no-git-ignore \
		--disable-version-check --config ops/semgrep/rules --exclude ops/semgrep $(ours) templates
	$(tools)/python ops/check_secrets.py

audit: setup-checks ## ask for known holes in the locked packages (needs a network)
	$(tools)/pip-audit --strict --progress-spinner off --require-hashes --disable-pip \
		--requirement requirements.lock

sbom: wheel setup-checks ## build the package with its bill of materials beside it, in dist/
	$(bin)/python -m ops.bill_of_materials dist/*.whl dist/accreditation.cdx.json

mutations: setup-test ## put faults into a copy of the code and count those that the tests find
	$(bin)/python -m drills.mutations

translations: setup-test ## collect new texts into the translation files
	$(extract)
	$(update)
	rm $(catalogue)

translations-check: setup-test ## fail when `make translations` would change something
	$(extract)
	$(update) --check
	rm $(catalogue)

lock: setup-test ## write the lock files anew (FLAGS=--upgrade takes newer versions)
	$(compile) $(FLAGS) --extra dev --output-file requirements-dev.lock pyproject.toml
	$(compile) --constraint requirements-dev.lock --output-file requirements.lock pyproject.toml
	$(compile) --constraint requirements-dev.lock --output-file requirements-build.lock \
		requirements-build.in
	$(compile) $(FLAGS) --output-file requirements-checks.lock requirements-checks.in

wheel: setup-test ## build the package into dist/
	$(bin)/uv build --quiet --wheel --no-build-isolation --offline --python $(bin)/python --out-dir dist
