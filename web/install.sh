#!/bin/sh
# install.sh BUILD DATADIR: `meson install` runs it, to install the web interface where it was built.
set -eu
[ -f "$1/web/index.html" ] || { echo "no web interface in $1/web: norn goes without it"; exit 0; }
to="$MESON_INSTALL_DESTDIR_PREFIX/$2/norn/web"
mkdir -p "$to"
cp -R "$1/web/." "$to/"
chmod -R u=rwX,go=rX "$to"
