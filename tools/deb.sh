#!/bin/sh
# deb.sh WEB OUT [ARGUMENTS OF dpkg-buildpackage]: Debian packages of the files under version control and of the
# web interface that was bundled into WEB, built in OUT/norn, whose packages lie in OUT. `make deb` calls it.
# With DEB_ROOT, a folder that holds OUT, they are built in the system there, without a network.
set -eu
web=$1 out=$2
shift 2
[ -f "$web/index.html" ] || { echo "no web interface in $web: install npm, then make build" >&2; exit 1; }
rm -rf "$out"
mkdir -p "$out/norn"
git ls-files -z | tar -c --null -T - | tar -x -C "$out/norn"
cp -R "$web" "$out/norn/web/dist"
if [ -n "${DEB_ROOT:-}" ]; then
	# shellcheck disable=SC2016 # expanded inside
	exec unshare --mount --net --pid --fork --kill-child chroot "$DEB_ROOT" sh -c \
		'mount -t proc proc /proc; cd "$1/norn"; shift; dpkg-buildpackage -b -us -uc "$@"' sh "${out#"$DEB_ROOT"}" "$@"
fi
cd "$out/norn"
dpkg-buildpackage -b -us -uc "$@"
