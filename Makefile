# What one does with this checkout. `make` alone lists it.
# Everything is set up in .venv beside this file; nothing outside the checkout is touched, but for the Debian
# packages that `make test` needs, which are installed only when they are missing and you are root.

.DEFAULT_GOAL := help
.PHONY: help run test lint judges bench soak translations lock clean

BIN := .venv/bin

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## set up and serve a marked demonstration on 127.0.0.1:$PORT (8000)
	@tools/serve_demo.sh

test: ## set up and run every test, on SQLite and PostgreSQL, with a real browser
	@tools/set_up.sh dev
	@tools/install_debian_packages.sh
	@$(BIN)/pytest $(ARGS)

lint: ## check style, types, templates, import rules, migrations and translations
	@tools/set_up.sh dev
	@tools/install_debian_packages.sh
	@tools/lint.sh

judges: ## let outside programs judge every page, feed, the API and the open data of a served demonstration (BASE_URL=… for another site)
	@tools/set_up.sh dev
	@tools/install_debian_packages.sh judges
	@$(BIN)/python -m tools.judges $(BASE_URL)

bench: ## measure; prints one JSON object a line
	@tools/set_up.sh dev >&2
	@$(BIN)/python -m bench.run $(ARGS)

soak: ## kill processes and databases, and judge what is left (15 minutes); writes docs/reliability.md
	@tools/set_up.sh dev
	@tools/install_debian_packages.sh
	@$(BIN)/python -m bench.soak $(ARGS)

translations: ## collect what is said from code and templates into the catalogues, and compile them
	@tools/set_up.sh dev
	@$(BIN)/python -m tools.translations

lock: ## choose the newest allowed version of every dependency and write down its hashes
	@tools/set_up.sh dev
	@tools/lock.sh

clean: ## remove what the set-up and the tools made (never the data in instance/)
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis *.egg-info
	find portal tests bench tools -name __pycache__ -type d -prune -exec rm -rf {} +
	find portal/translations -name '*.mo' -delete
