#!/bin/bash
# What test_units.py has systemd run inside its Debian: prints one line a fact, NAME VALUE.
cd / || exit 1
login=(-s -u k:s)
base=http://127.0.0.1:2501

# until COMMAND...: tries for 20 s
until_true() {
	for _ in $(seq 200); do
		! "$@" >/dev/null 2>&1 || return 0
		sleep 0.1
	done
	return 1
}
# heard INTERFACE: a source there has packets
heard() {
	curl "${login[@]}" $base/datasource/all_sources.json | tr '{' '\n' | grep "\"kismet.datasource.interface\":\"$1\"" | grep -q '"kismet.datasource.num_packets":[1-9]'
}

# fed_after TIME: the watchdog heard of the server since
fed_after() {
	[ "$(systemctl show -P WatchdogTimestampMonotonic norn)" != "$1" ]
}

until_true ip link set lo up
until_true ip link set norna up
until_true ip link set nornb up
until_true systemctl is-active norn
echo "active $(systemctl is-active norn)"
pid=$(systemctl show -P MainPID norn)
echo "user $(stat -c %U:%G "/proc/$pid")"
echo "privileges $(grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp):' "/proc/$pid/status" | tr -s '\t\n' ' ')"
curl "${login[@]}" --data-urlencode 'json={"definition":"nornb:type=linuxwifi,name=behind-socket"}' $base/datasource/add_source.cmd >/added
echo "added $(tr -d '\n' </added | head -c 300)"
until_true heard nornb && echo 'socket heard'
helper=$(pgrep -f 'norn_cap_linux_wifi --in-fd=0')
echo "helper $(stat -c %U:%G "/proc/$helper") $(grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp):' "/proc/$helper/status" | tr -s '\t\n' ' ')"
systemctl start norn-sensor-linux-wifi@norna
until_true heard norna && echo 'sensor heard'
echo "device $(curl "${login[@]}" $base/devices/last-time/0/devices.json | grep -o '"kismet.device.base.commonname":"tap"' | head -1)"
beat=$(systemctl show -P WatchdogTimestampMonotonic norn)
until_true fed_after "$beat" && echo 'watchdog fed'
echo "watchdog_usec $(systemctl show -P WatchdogUSec norn)"
echo "status $(systemctl show -P StatusText norn)"
echo "logs $(find /var/log/norn -name '*.kismet' | wc -l)"
systemctl stop norn-sensor-linux-wifi@norna
systemctl stop norn
echo "stopped $(systemctl show -P Result norn)"
echo "state $(find /var/lib/norn -type f | wc -l)"
echo "journal $(journalctl -u norn -o cat -p info | grep -c 'Serving on')"
echo "raw $(journalctl -u norn -o cat | grep -c '<6>')"
journalctl -u norn -u 'norn-capture-*' -u 'norn-sensor-*' -o short-monotonic --no-pager >/journal
