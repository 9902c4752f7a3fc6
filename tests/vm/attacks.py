#!/usr/bin/python3
"""attacks.py KERNEL NORN HELPER...: real tools attack real associations over simulated radios, and norn tells.

KERNEL is the folder where `make vm-deps` unpacked the kernel package. NORN_VM_SAVE=FOLDER keeps captures and alerts,
NORN_VM_ONLY=NAME,NAME... runs these phases alone.
"""
import collections, json, os

from machine import main

AP, SAE, GUEST, OLD, LAB, HALL = (f'C4:41:1E:10:00:1{n}' for n in range(6))
STATION, OTHER, TOOL, TWIN = '3C:22:FB:00:00:11', '8C:85:90:00:00:33', '00:C0:CA:AA:BB:CC', '00:C0:CA:AA:BB:DD'
LOW, MOST = 5, 12
SYSTEM = {'ROOTUSER', 'GLOBALHTTPDUSER', 'LOGDISABLED', 'CONFIGERROR'}
TOOLS = ['hostapd_cli', 'wpa_cli', 'mdk4', 'aireplay-ng', 'airbase-ng', 'bettercap', 'reaver', 'dnsmasq']

PSK = r'wpa=2\nwpa_key_mgmt=WPA-PSK\nrsn_pairwise=CCMP\nwpa_passphrase=correct horse'
WPS = r'wps_state=2\neap_server=1\nap_pin=12345670\nconfig_methods=label\ndevice_name=a'
AP_CONF = ['interface=wlan0', 'driver=nl80211', 'ctrl_interface=/run/hostapd', 'hw_mode=g', 'channel=6', 'beacon_int=200', 'ssid=corp']

Ordinary = collections.namedtuple('Ordinary', 'name command')
# Goes on until the alert `waits` is told of `whom` (None: of anybody); `twin` is its ordinary one, which raises nothing.
Attack = collections.namedtuple('Attack', 'name command waits whom twin')

HOME, OPEN = """'psk "correct horse"'""", "'key_mgmt NONE'"
WEP = """'key_mgmt NONE\\nwep_key0 "abcde"\\nwep_tx_keyidx 0'"""
ORDINARY = [
    Ordinary('joins', f'network wlan1 corp {HOME}; network wlan2 guest {OPEN}; join_again'),
    Ordinary('restarts', 'restart'),
    Ordinary('moves', 'switch 2462; switch 2437'),
    Ordinary('extends', f"another C4:41:1E:20:00:10 11 corp '{PSK}\\n{WPS}'; sleep 5; another_stops"),
    Ordinary('looks', 'looks_for; looks_for'),
    Ordinary('leases', 'leases wlan0_2 192.0.2 & server=$!; sleep 1; asks wlan2; kill $server'),
    Ordinary('registers', f'registrar {LAB} 12345670'),
    Ordinary('talks', f'network wlan2 old {WEP}; talks wlan1 & one=$!; talks wlan2 & two=$!; sleep 4; kill $one $two'),
]
ATTACKS = [
    Attack('mdk4_a', f'mdk4 mon0 a -a {AP}', 'AUTHFLOOD', AP, 'joins'),
    Attack('mdk4_b', 'mdk4 mon0 b', 'BEACONFLOOD', None, 'extends'),
    Attack('mdk4_d', f'joins wlan1 & mdk4 mon0 d -B {AP}', 'DEAUTHFLOOD', AP, 'restarts'),
    Attack('mdk4_e', f'talks wlan1 & mdk4 mon0 e -t {AP} -l', 'FORGEDKEY', STATION, 'joins'),
    Attack('mdk4_p', f'mdk4 mon0 p -b l -t {LAB}', 'PROBEFLOOD', None, 'looks'),
    Attack('mdk4_f', 'mdk4 mon0 f -s b -m t', 'FUZZER', None, 'extends'),
    Attack('aireplay_0', f'aireplay-ng -0 5 -a {SAE} mon0', 'FORGEDDISCON', SAE, 'restarts'),
    Attack('aireplay_3', f'talks wlan2 & aireplay-ng -3 -b {OLD} -h {OTHER} mon0', 'WEPREPLAY', OLD, 'talks'),
    Attack('aireplay_4', f'talks wlan2 & aireplay-ng -4 -F -b {OLD} -h {OTHER} mon0', 'WEPCHOPCHOP', OLD, 'talks'),
    Attack('airbase', f'airbase-ng -e corp -c 6 -a {TOOL} mon0', 'WEAKTWIN', TOOL, 'extends'),
    Attack('karma', f'airbase-ng -P -C 30 -c 6 -a {TOOL} mon0 & while :; do looks_for; done', 'KARMA', TOOL, 'looks'),
    Attack('bettercap_csa', "bettercap -iface mon0 -no-history -no-colors -eval 'set wifi.rssi.min -200; wifi.recon on; "
           f"wifi.recon.channel 6; sleep 4; wifi.channel_switch_announce {AP} 11'", 'FORGEDBEACON', AP, 'moves'),
    Attack('bettercap_deauth', "talks wlan2 & bettercap -iface mon0 -no-history -no-colors -eval 'set wifi.rssi.min -200; "
           f"wifi.recon on; wifi.recon.channel 6; sleep 4; wifi.deauth {OLD}'", 'FORGEDDISCON', OLD, 'joins'),
    Attack('reaver', f'reaver -i mon0 -b {HALL} -c 6 -vv', 'EAPOLFLOOD', HALL, 'registers'),
    Attack('registrar', f'registrar {AP} 00000000 11111115 22222220 33333335 44444440', 'WPSBRUTE', AP, 'registers'),
    Attack('twin', f"another {TWIN} 11 corp '{PSK}'; sleep 60", 'EVILTWIN', TWIN, 'extends'),
    Attack('two_channels', f"another {AP} 11 corp; sleep 60", 'TWOCHANNELS', AP, 'moves'),
    Attack('rogue_dhcp', f"network wlan1 guest {OPEN}; network wlan2 guest {OPEN}; leases wlan2 192.0.3 & "
           "while :; do asks wlan1; done", 'ROGUEDHCP', OTHER, 'leases'),
]


def quoted(command):
    return "'" + command.replace("'", "'\\''") + "'"


def bss(name, address, lines):
    return [f'bss={name}', f'bssid={address}', *lines]


def write_conf(work):
    """What hostapd and the phases read."""
    lines = AP_CONF + PSK.split(r'\n') + WPS.split(r'\n')
    lines += bss('wlan0_1', SAE, ['ssid=corp-sae', 'wpa=2', 'wpa_key_mgmt=SAE', 'rsn_pairwise=CCMP',
                                  'sae_password=correct horse', 'ieee80211w=2'])
    lines += bss('wlan0_2', GUEST, ['ssid=guest'])
    lines += bss('wlan0_3', OLD, ['ssid=old', 'wep_default_key=0', 'wep_key0="abcde"', 'auth_algs=1'])
    lines += bss('wlan0_4', LAB, ['ssid=lab', *PSK.split(r'\n'), *WPS.split(r'\n')])
    lines += bss('wlan0_5', HALL, ['ssid=hall', *PSK.split(r'\n'), *WPS.split(r'\n')])
    (work / 'ap.conf').write_text('\n'.join(lines) + '\n')
    only = os.environ.get('NORN_VM_ONLY')
    wanted = [p for p in ORDINARY + ATTACKS if not only or p.name in only.split(',')]
    text = ''.join(f'ordinary {p.name} {quoted(p.command)}\n' if isinstance(p, Ordinary) else
                   f'attack {p.name} {p.waits} {p.whom or ":"} {quoted(p.command)}\n' for p in wanted)
    (work / 'phases').write_text(f'save={"yes" if os.environ.get("NORN_VM_SAVE") else ""}\n' + text)
    return [work / 'ap.conf', work / 'phases']


def judge(reported):
    """Each row: what must be so, and whether it is."""
    alerts = [a for a in json.loads(reported['alerts']) if a['kismet.alert.header'] not in SYSTEM]
    only = os.environ.get('NORN_VM_ONLY')

    def of(name):
        begin, end = (int(reported[f'{name}.{word}']) for word in ('begin', 'end'))
        return [a for a in alerts if begin <= a['kismet.alert.timestamp'] < end + 1]

    yield 'norn ended with success', reported['stopped'].strip() == '0'
    for p in ORDINARY:
        if only and p.name not in only.split(','):
            continue
        above = [a['kismet.alert.text'] for a in of(p.name) if a['kismet.alert.severity'] > LOW]
        yield f'{p.name}: nothing above low is told {above or ""}', not above
    if not only:
        yield 'leases: one is given', 'lease.wlan2' in reported
    for p in ATTACKS:
        if only and p.name not in only.split(','):
            continue
        told = of(p.name)
        named = {a[f'kismet.alert.{who}_mac'] for a in told if a['kismet.alert.header'] == p.waits
                 for who in ('transmitter', 'source', 'dest')}
        names = sorted(a['kismet.alert.header'] for a in told)
        yield f'{p.name}: {p.waits} is told of {p.whom or "somebody"} {names}', bool(named) and (not p.whom or p.whom in named)
        yield f'{p.name}: its ordinary twin was there', f'{p.twin}.end' in reported or bool(only)
        yield f'{p.name}: in few alerts', len([a for a in told if a['kismet.alert.severity'] > LOW]) <= MOST


main(judge=judge, init='attacks.init', seconds=int(os.environ.get('NORN_VM_SECONDS', 330)), tools=TOOLS, memory=1024, more=write_conf)
