#!/bin/sh
# install.sh BUILD DATADIR: `meson install` runs it, to install the web interface: what was bundled into the
# build folder, or what came bundled with the source.
set -eu
for from in "$1/web" "$MESON_SOURCE_ROOT/web/dist" ''; do
	[ ! -f "$from/index.html" ] || break
done
[ -n "$from" ] || { echo "no web interface in $1/web: norn goes without it"; exit 0; }
to="$MESON_INSTALL_DESTDIR_PREFIX/$2/norn/web"
mkdir -p "$to"
cp -R "$from/." "$to/"
chmod -R u=rwX,go=rX "$to"
