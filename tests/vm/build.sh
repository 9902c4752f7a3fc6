#!/bin/sh
# build.sh KERNEL OUT INIT "TOOL ..." FILE...: the initramfs of a virtual machine that lives as INIT says, from the
# modules under KERNEL (an unpacked linux-image package), the installed Debian TOOLs and the FILEs, with their libraries.
set -eu
kernel=$1 out=$2 init=$3 tools=$4
shift 4
here=$(cd "$(dirname "$0")" && pwd)
PATH=$PATH:/usr/sbin:/sbin
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root/bin" "$root/proc" "$root/sys" "$root/dev" "$root/tmp" "$root/etc" "$root/mod" "$root/run"
cp "$(command -v busybox)" "$root/bin/busybox"
for name in sh cat mount sleep ip insmod grep kill sed head tail poweroff mkdir find wc tr stty base64 arping date \
	udhcpc rm cp setsid timeout true; do
	ln -s busybox "$root/bin/$name"
done
for name in virtio_ring virtio ctr ccm cmac gf128mul ghash-generic gcm rfkill libarc4 cfg80211 mac80211 mac80211_hwsim \
	tun; do
	file=$(find "$kernel" -name "$name.ko*" | head -n 1)
	[ -z "$file" ] || cp "$file" "$root/mod/"
done
# shellcheck disable=SC2086
for name in iw curl hostapd wpa_supplicant dumpcap $tools; do
	cp -L "$(command -v $name)" "$root/bin/"
done
cp "$@" "$root/bin/"
for file in "$root"/bin/*; do
	[ -L "$file" ] || ldd "$file" 2>/dev/null | grep -o '/[^ ]*' || true
done | sort -u | while read -r library; do
	mkdir -p "$root$(dirname "$library")"
	cp -L "$library" "$root$library"
done
echo root:x:0:0::/:/bin/sh > "$root/etc/passwd"
echo root:x:0: > "$root/etc/group"
cp "$here/common" "$root/common"
cp "$here/functions" "$here/radios" "$root/bin/"
cp "$here/$init" "$root/init"
chmod 755 "$root/init"
(cd "$root" && find . | cpio -o -H newc 2>/dev/null | gzip -1) > "$out"
