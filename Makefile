# The front door; Meson does the work. `make help` says what there is.
BUILD    = build
PREFIX   = /usr/local
DEMO    ?= --live

.PHONY: help build run run-postgres test bench bench-growth soak lint install clean

help: ## say what there is
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 22

build: $(BUILD)/build.ninja ## build the server: build/ticketd
	@ninja -C $(BUILD) --quiet
	@echo '$(BUILD)/ticketd is built'

$(BUILD)/build.ninja:
	@packages/install build
	@meson setup --prefix=$(PREFIX) $(BUILD) >/dev/null

run: $(BUILD)/build.ninja ## serve a demonstration: six events with five weeks of history, and who can sign in
	@ninja -C $(BUILD) --quiet ticketd
	@PATH="$(CURDIR)/$(BUILD):$$PATH" $(BUILD)/ticketd demo $(DEMO)

run-postgres: build ## the same on a PostgreSQL of its own, kept in build/postgres
	@packages/install postgres
	@tools/run_postgres $(BUILD) $(DEMO)

test: ## run every test: plain, under sanitizers, over HTTP (under 10 minutes)
	@packages/install build test
	@tests/run

bench: build ## measure, against Redis and pgbench too, and print the tables of docs/performance.md
	@packages/install bench
	@bench/run $(BUILD)

bench-growth: build ## the same with ten million entries in the log (some minutes, 12 GB of disk)
	@packages/install bench
	@bench/run $(BUILD) --growth

soak: build ## run what takes long: 200 kills, more seeds, more rounds
	@meson test -C $(BUILD) --benchmark --print-errorlogs --verbose

lint: ## check form: layers, clang-format, clang-tidy, warnings of gcc and clang, tsc
	@packages/install build test lint
	@tests/lint/run

install: build ## install below PREFIX (/usr/local), with the manual page and the systemd unit
	@meson configure --prefix=$(PREFIX) $(BUILD)
	@meson install -C $(BUILD)

clean: ## remove what was built
	@rm -rf $(BUILD) clients/typescript/src/contract clients/typescript/dist clients/typescript/LICENSE
	@for folder in tests/api tests/browser clients/typescript examples/checkout-typescript web; do \
		rm -rf $$folder/node_modules $$folder/out; \
	done
