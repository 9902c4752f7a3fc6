# A front for Meson: `make` lists what there is. Written for Debian 12; see README.md.
PACKAGES = \
	clang \
	clang-format \
	clang-tidy \
	curl \
	dbus \
	gcc \
	gpsd \
	gpsd-clients \
	ieee-data \
	iproute2 \
	iw \
	libcap-dev \
	libclang-rt-14-dev \
	libcmocka-dev \
	libcrypt-dev \
	libcurl4-gnutls-dev \
	libdeflate-dev \
	libgnutls28-dev \
	libicu-dev \
	libjansson-dev \
	liblz4-dev \
	libmicrohttpd-dev \
	libmsgpack-dev \
	libnl-3-dev \
	libnl-genl-3-dev \
	libpcap-dev \
	libpcre2-dev \
	libprotobuf-c-dev \
	libseccomp-dev \
	libsqlite3-dev \
	libsystemd-dev \
	libuv1-dev \
	libxml2-utils \
	libxxhash-dev \
	libzstd-dev \
	lz4 \
	meson \
	ninja-build \
	openssl \
	pkg-config \
	protobuf-c-compiler \
	python3 \
	python3-dbusmock \
	python3-fastjsonschema \
	python3-docutils \
	python3-jsonschema \
	python3-msgpack \
	python3-pytest \
	python3-requests \
	python3-websocket \
	sqlite3 \
	tshark \
	udev \
	wireshark-common \
	zlib1g-dev \
	zstd
PYTHON = /usr/bin/python3
SUITES = --no-suite bench --no-suite slow --no-suite web --no-suite vm --no-suite deb
FUZZ_SECONDS = 20
SOURCES = $(shell git ls-files '*.c' '*.h')

LINT_PACKAGES = clang-format clang-tidy cppcheck shellcheck
DEB_PACKAGES = debhelper debootstrap dpkg-dev iproute2 lintian qemu-user-static systemd-container
PEER_PACKAGES = \
	aircrack-ng apache2-bin caddy curl dsniff dump1090-mutability faketime gpsd gpsd-clients hcxtools iproute2 \
	nginx-light prometheus rsyslog sqlite3 thc-ipv6 tshark wireshark-common yersinia
BROWSER_PACKAGES = chromium
VM_PACKAGES = \
	aircrack-ng bettercap busybox-static cpio curl dnsmasq-base hostapd iw mdk4 qemu-system-x86 reaver wireshark-common \
	wpasupplicant
.PHONY: help deps vm-deps deb-deps peers-deps browser-deps server deb deb-root deb-arm64 lint-deps build run test bench docs fuzz lint format clean

help:
	@echo "make run     build and serve the sample capture on http://127.0.0.1:2501/"
	@echo "make test    build, run the tests, and count them in the last line"
	@echo "make deb     Debian packages, in build/deb"
	@echo "make deps | vm-deps | deb-deps | peers-deps | browser-deps | build | bench | docs | fuzz | lint | format | clean"

deps:
	@have=$$(dpkg-query -W -f='$${db:Status-Status}\n' $(PACKAGES) 2>/dev/null | \
		grep -cx installed); \
	[ "$$have" -ge $(words $(PACKAGES)) ] || { \
		as_root=$$([ "$$(id -u)" = 0 ] || echo sudo); \
		export DEBIAN_FRONTEND=noninteractive; \
		$$as_root apt-get update -q && \
		$$as_root apt-get install -q -y --no-install-recommends $(PACKAGES); }
	@! command -v npm >/dev/null || [ web/node_modules -nt web/package-lock.json ] || \
		{ cd web && npm ci --ignore-scripts --silent && touch node_modules; } || \
		echo "npm cannot fetch what the web interface is built with; norn goes without it"

# What `make deb` builds packages with, and its tests; what `make lint` calls; the programs that the suite `peers`
# tries norn with (where systemd runs, Debian starts some of them as services, too).
deb-deps: WANTED = $(DEB_PACKAGES)
lint-deps: WANTED = $(LINT_PACKAGES)
peers-deps: WANTED = $(PEER_PACKAGES)
browser-deps: WANTED = $(BROWSER_PACKAGES)
deb-deps lint-deps peers-deps browser-deps:
	@have=$$(dpkg-query -W -f='$${db:Status-Status}\n' $(WANTED) 2>/dev/null | grep -cx installed); \
	[ "$$have" -ge $(words $(WANTED)) ] || { \
		as_root=$$([ "$$(id -u)" = 0 ] || echo sudo); \
		export DEBIAN_FRONTEND=noninteractive; \
		$$as_root apt-get update -q && \
		$$as_root apt-get install -q -y --no-install-recommends $(WANTED); }

deb: deps deb-deps build
	@tools/deb.sh build/web build/deb >build/deb.log 2>&1 || { tail -n 40 build/deb.log; exit 1; }
	@lintian --allow-root --fail-on error,warning build/deb/*.changes
	@ls build/deb/*.deb

# A Debian 12 for their tests: .ci/run has all of it.
deb-root: deb
	@tests/deb/root.sh build/debian12 $$(ls build/deb/*.deb | grep -v dbgsym)

# The same for arm64, by cross compilers in a Debian of their own: build/debian12-arm64/deb.
deb-arm64: deb-deps build
	@[ ! -f build/debian12/made ] || tests/deb/cross.sh build/debian12 build/debian12-arm64 build/web
	@ls build/debian12-arm64/deb/*.deb || true

# What the suite `vm` boots: its programs, and the kernel package, unpacked and not installed.
vm-deps: build
	@have=$$(dpkg-query -W -f='$${db:Status-Status}\n' $(VM_PACKAGES) 2>/dev/null | grep -cx installed); \
	[ "$$have" -ge $(words $(VM_PACKAGES)) ] || { \
		as_root=$$([ "$$(id -u)" = 0 ] || echo sudo); \
		export DEBIAN_FRONTEND=noninteractive; \
		$$as_root apt-get update -q && \
		$$as_root apt-get install -q -y --no-install-recommends $(VM_PACKAGES); }
	@set -e; ls build/vm-kernel/boot/vmlinuz-* >/dev/null 2>&1 || { \
		mkdir -p build/vm-package; cd build/vm-package; rm -f *.deb; \
		image=$$(apt-cache depends linux-image-amd64 | sed -n 's/.*Depends: *//p' | head -n 1); \
		apt-get download -q "$$image"; \
		dpkg -x *.deb ../vm-kernel; rm -f *.deb; }

build:
	@[ -f build/build.ninja ] || meson setup build
	@ninja -C build
	@[ ! -d web/node_modules/esbuild ] || node web/build.mjs build/web

# The server, the helpers that it starts, and the web interface: what `make run` needs, and no tests.
server:
	@[ -f build/build.ninja ] || meson setup build
	@ninja -C build server
	@[ ! -d web/node_modules/esbuild ] || node web/build.mjs build/web

run: deps server
	build/norn -c tests/captures/sample.pcap

test: deps build
	@$(PYTHON) tests/run.py build $(SUITES)

# Documents that tables give: the sample configuration and manual pages.
docs: build
	@$(PYTHON) tests/rules/check_generated.py build/tools/generate . --write

bench: deps
	@[ -f build-bench/build.ninja ] || meson setup build-bench --buildtype=release -Db_lto=true -Dtests=false
	@ninja -C build-bench
	@[ ! -d web/node_modules/esbuild ] || node web/build.mjs build-bench/web
	@cc -std=gnu11 -O2 -o build-bench/gen_capture bench/gen_capture.c
	@cc -std=gnu11 -O2 -o build-bench/pcap_loop bench/pcap_loop.c -lpcap
	@$(PYTHON) bench/run.py build-bench

# Every target for FUZZ_SECONDS, from its seeds; what libFuzzer finds on the way stays in build-fuzz.
fuzz: deps
	@[ -f build-fuzz/build.ninja ] || CC=clang meson setup build-fuzz --native-file fuzz/libfuzzer.ini \
		-Db_sanitize=address,undefined -Db_lundef=false -Dc_args=-fsanitize=fuzzer-no-link
	@ninja -C build-fuzz
	@set -e; for source in $$(git ls-files 'fuzz/*fuzz_*.c'); do \
		name=$$(basename $$source .c); \
		mkdir -p build-fuzz/corpus/$$name; \
		seeds=fuzz/seeds/$$name; [ -d $$seeds ] || seeds=; \
		echo "$$name"; \
		build-fuzz/fuzz/$$name -max_total_time=$(FUZZ_SECONDS) -print_final_stats=1 -verbosity=0 \
			-artifact_prefix=build-fuzz/ build-fuzz/corpus/$$name $$seeds; \
	done

# Each tool for LINT_SECONDS at most; .clang-tidy says what is left out, and why.
LINT_SECONDS = 900
SCRIPTS = $(shell git ls-files '*.sh' 'debian/*.postinst' 'debian/*.postrm') .ci/run tests/vm/init tests/vm/attacks.init service/norn.bash
lint: deps lint-deps build
	@$(PYTHON) tests/rules/check_rooms.py . rooms.txt homes.txt
	@clang-format --dry-run --Werror $(SOURCES)
	@shellcheck $(SCRIPTS)
	@timeout $(LINT_SECONDS) cppcheck --quiet -j "$$(nproc)" --enable=warning,portability --inline-suppr \
		--suppressions-list=tools/cppcheck.txt --error-exitcode=1 --std=c11 -D_GNU_SOURCE \
		-Isrc -Iinclude -Ihelpers -Ibuild/src/proto src helpers tools plugins
	@git ls-files 'src/*.c' 'helpers/*.c' 'tools/*.c' 'plugins/*.c' | \
		timeout $(LINT_SECONDS) xargs -P "$$(nproc)" -n 8 clang-tidy --quiet -p build

format:
	@clang-format -i $(SOURCES)
	@[ ! -d web/node_modules/prettier ] || npm --prefix web run --silent format

clean:
	@rm -rf build build-bench build-fuzz build-clang build-asan build-tsan
