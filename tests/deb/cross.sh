#!/bin/sh
# cross.sh DEBIAN ROOT WEB: packages for arm64 in ROOT/deb, built by cross compilers in ROOT, a copy of DEBIAN (root.sh)
# with what the packages are built with.
set -eu
debian=$1 root=$2 web=$3
[ -f "$debian/made" ] || { echo "cross.sh: no $debian: no packages for arm64"; exit 0; }
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

quietly() {
	"$@" >"$root.log" 2>&1 || { tail -n 40 "$root.log"; exit 1; }
}
if [ ! -f "$root/crosses" ]; then
	rm -rf "$root"
	cp -a "$debian" "$root"
	chroot "$root" dpkg --add-architecture arm64
	quietly chroot "$root" apt-get update -q
	quietly chroot "$root" apt-get install -q -y --no-install-recommends crossbuild-essential-arm64 debhelper
	chroot "$root" apt-get clean
	touch "$root/crosses"
fi
rm -rf "$root/deb"
mkdir -p "$root/deb/norn"
cp -R debian "$root/deb/norn/"
quietly chroot "$root" apt-get build-dep -q -y --no-install-recommends -a arm64 /deb/norn
chroot "$root" apt-get clean
quietly env DEB_ROOT="$root" tools/deb.sh "$web" "$root/deb" -a arm64
cp "$(command -v qemu-aarch64-static)" "$root/"
