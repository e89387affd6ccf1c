# make run          everything on this machine; prints the addresses     make run LAN=1   HTTPS for phones on the same Wi-Fi
#                   make run PORT=8081 PORTAL_PORT=8091 where 8080 or 8090 is taken
# make test         what CI runs                                          make check       its quick part, without set-up and browser
# make thorough     files hurt in twenty thousand ways, clips of every sort, properties on three thousand examples each; a quarter of an hour
SHELL := /bin/sh
BIN := .venv/bin

.PHONY: run test check thorough setup lint types contracts pages lock format

run:
	@scripts/system-packages.sh run
	@scripts/environment.sh run
	@$(BIN)/verify-svc models fetch
	@exec $(BIN)/verify-svc demo $(if $(LAN),--lan) $(if $(PORT),--port $(PORT)) $(if $(PORTAL_PORT),--portal-port $(PORTAL_PORT))

test: setup lint types contracts pages
	$(BIN)/pytest -n 2 --dist loadfile -m "not browser"
	$(BIN)/pytest -m browser

check: lint types contracts pages
	$(BIN)/pytest -q -n 2 --dist loadfile -m "not browser"

thorough:
	$(BIN)/pytest -rP -o faulthandler_timeout=0 --hypothesis-profile=thorough \
		tests/document/test_hurt_pictures.py tests/face/test_hurt_clips.py tests/face/test_devices.py \
		tests/certificate

setup:
	@scripts/system-packages.sh test
	@scripts/environment.sh test
	@$(BIN)/verify-svc models fetch
	@$(BIN)/python -m tests.specimens.carriers
	@scripts/typescript.sh fetch

lint:
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types:
	$(BIN)/mypy

contracts:
	$(BIN)/lint-imports

pages:
	scripts/typescript.sh

lock:
	scripts/lock.sh

format:
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
