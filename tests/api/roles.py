"""Who may ask which endpoint: roles.tsv says so for each, independently of the server's own table."""
import pathlib

from conftest import LOGIN

ROLES = 'readonly', 'WEBGPS', 'scanreport', 'datasource', 'ADSB', 'admin'
ALLOWED = {
    'anybody': ('none', *ROLES),
    'reader': ('none', *ROLES),  # on loopback
    'login': ROLES,
    'aircraft': ('readonly', 'ADSB', 'admin'),
    'WEBGPS': ('WEBGPS', 'admin'),
    'scanreport': ('scanreport', 'admin'),
    'datasource': ('datasource', 'admin'),
    'admin': ('admin',),
}
TABLE = pathlib.Path(__file__).with_name('roles.tsv')


def read():
    rows = (line.split('\t') for line in TABLE.read_text().splitlines() if not line.startswith('#'))
    return {(method, path): who for who, method, path in rows}


def extension(row):
    """One that the route takes, for {extension}."""
    for p in row.get('parameters', []):
        if p['name'] == 'extension':
            names = p['schema'].get('enum', ['json'])
            return 'json' if 'json' in names else names[0]
    return ''


def routes(norn):
    """(who may, method, path, a URL of it) of every endpoint that the server has."""
    table = read()
    for path, methods in norn.get('/openapi.json', auth=LOGIN).json()['paths'].items():
        for method, row in methods.items():
            if path.startswith('/plugin/'):
                continue
            url = path.replace('{extension}', extension(row)).replace('{', '').replace('}', '')
            assert (method, path) in table, f'no row in {TABLE.name} says who may {method} {path}'
            yield table[method, path], method, path, url
