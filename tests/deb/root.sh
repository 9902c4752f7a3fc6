#!/bin/sh
# root.sh FOLDER DEB...: makes FOLDER a Debian 12 with what the packages depend on, but without them, so that the
# tests need no network. Only root can; without, there is no folder, and the tests are skipped.
set -eu
root=$1
shift
[ "$(id -u)" = 0 ] || { echo "root.sh: not root: the packages are not tried out in a Debian of their own"; exit 0; }
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

if [ ! -f "$root/made" ]; then
	rm -rf "$root"
	timeout 200 debootstrap --variant=minbase --include=curl,iproute2,procps,systemd,systemd-sysv bookworm "$root" >"$root.log" 2>&1 ||
		{ tail -n 20 "$root.log"; echo "root.sh: no Debian can be had here"; rm -rf "$root"; exit 0; }
	touch "$root/made"
fi
for package in "$@"; do
	depends=$(dpkg-deb -f "$package" Depends)
	# satisfy takes a list as it stands in a package
	chroot "$root" apt-get satisfy -q -y --no-install-recommends "$depends" >"$root.log" 2>&1 ||
		{ tail -n 20 "$root.log"; exit 1; }
done
