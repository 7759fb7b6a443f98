# sitewarden: what a developer types. `make` alone lists it.

CARGO ?= cargo
# The system's packages that building and testing take: OpenSSL's headers, and for the tests Chinese help pages as a
# real corpus, two clients to compare with, and a reader of pictures.
PACKAGES := libssl-dev pkg-config gimp-help-zh-cn debian-reference-zh-cn wget curl \
	tesseract-ocr tesseract-ocr-chi-sim
# A browser says what visitors see. It is large, so that only the tests install it.
BROWSER := chromium

.DEFAULT_GOAL := help
.PHONY: help demo test lint bench packages

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: packages ## Build, then scan the bundled demo site and show what was found
	$(CARGO) build --locked
	target/debug/sitewarden demo

test: packages ## Run every test
	@./.ci/packages $(BROWSER)
	@if $(CARGO) nextest --version >/dev/null 2>&1; \
	then $(CARGO) nextest run --locked --no-fail-fast && $(CARGO) test --locked --doc; \
	else $(CARGO) test --locked --no-fail-fast; fi

lint: ## Check format and lints
	$(CARGO) fmt --check
	$(CARGO) clippy --locked --all-targets -- -D warnings

bench: packages ## Run the benchmarks
	$(CARGO) bench --locked

packages:
	@./.ci/packages $(PACKAGES)
