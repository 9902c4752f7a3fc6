# A front for Meson: `make` lists what there is.
PACKAGES = meson ninja-build pkg-config gcc clang libmicrohttpd-dev libpcap-dev libjansson-dev \
	libpcre2-dev libxxhash-dev libdeflate-dev zlib1g-dev libcrypt-dev libcmocka-dev ieee-data \
	python3 python3-pytest python3-requests

.PHONY: help deps build test
help:
	@echo "make deps | build | test"
deps:
	@dpkg -s $(PACKAGES) >/dev/null 2>&1 || { s=$$([ "$$(id -u)" = 0 ] || echo sudo); \
		$$s apt-get update -q && $$s apt-get install -q -y --no-install-recommends $(PACKAGES); }
build:
	@[ -f build/build.ninja ] || meson setup build
	@ninja -C build
test: deps build
	@/usr/bin/python3 tests/run.py build
