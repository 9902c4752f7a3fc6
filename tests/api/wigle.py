"""A strict reader of WigleWifi-1.6, as wigle.net describes it."""
import csv
import io
import re

COLUMNS = ('MAC,SSID,AuthMode,FirstSeen,Channel,Frequency,RSSI,CurrentLatitude,CurrentLongitude,AltitudeMeters,'
           'AccuracyMeters,RCOIs,MfgrId,Type').split(',')
NUMBER = r'-?\d+(\.\d+)?'
FORM = {'MAC': r'([0-9A-F]{2}:){5}[0-9A-F]{2}', 'AuthMode': r'(\[[A-Za-z0-9_+/-]+\])*|Misc \[(BT|LE)\]', 'Channel': r'-?\d+',
        'FirstSeen': r'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d', 'Frequency': r'\d*', 'RSSI': r'-?\d+',
        'CurrentLatitude': NUMBER, 'CurrentLongitude': NUMBER, 'AltitudeMeters': NUMBER, 'AccuracyMeters': NUMBER,
        'RCOIs': r'([0-9A-F]+( |$))*', 'MfgrId': r'\d*', 'Type': 'WIFI|BT|BLE|GSM|CDMA|LTE|WCDMA|NR'}
HEAD = {'appRelease', 'model', 'release', 'device', 'display', 'board', 'brand', 'star', 'body', 'subBody'}


def wigle_rows(text):
    """The rows; whatever is not as the format says fails."""
    first, rest = text.split('\n', 1)
    parts = first.strip().split(',')
    assert parts[0] == 'WigleWifi-1.6', first
    assert {p.split('=')[0] for p in parts[1:]} <= HEAD and all('=' in p for p in parts[1:]), first
    rows = list(csv.reader(io.StringIO(rest), strict=True))
    assert rows[0] == COLUMNS
    found = []
    for row in rows[1:]:
        assert len(row) == len(COLUMNS), row
        r = dict(zip(COLUMNS, row))
        for name, form in FORM.items():
            assert re.fullmatch(form, r[name]), (name, r)
        assert -90 <= float(r['CurrentLatitude']) <= 90 and -180 <= float(r['CurrentLongitude']) <= 180
        found.append(r)
    return found
