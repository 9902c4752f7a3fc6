"""Pages that are not norn's own: what they load first, and what their Content-Security-Policy lets them do."""
import json
import re
import shutil
import subprocess

import pytest

MODULES = {'dot11', 'datasources', 'bluetooth', 'btle', '802_15_4', 'adsb', 'meter', 'radiation', 'sensor', 'uav', 'zwave'}


def policy(norn, path='/'):
    return norn.get(path).headers.get('Content-Security-Policy', '')


def test_policies(start, tmp_path):
    (tmp_path / 'index.html').write_text('<p>home<script>1</script>')
    other = policy(start(config=f'httpd_home={tmp_path}\n'))
    assert "'unsafe-inline'" in other and "frame-ancestors 'self'" in other and "object-src 'none'" in other
    (tmp_path / 'index.html').write_text('<meta name="generator" content="norn" />')
    for option in '', "httpd_content_security_policy=default-src *\n":
        own = policy(start(config=f'httpd_home={tmp_path}\n{option}'))
        assert 'unsafe' not in own and "frame-ancestors 'none'" in own
    (tmp_path / 'index.html').write_text('<p>home')
    plugin = tmp_path / 'plugins' / 'pages'
    (plugin / 'httpd').mkdir(parents=True)
    (plugin / 'manifest.conf').write_text('name=pages\njs=kismet_ui_mine,/plugin/pages/mine.js\n')
    (plugin / 'httpd' / 'index.html').write_text('<p>plugin')
    config = f'httpd_home={tmp_path}\nallowplugins=true\nconfigdir={tmp_path}\n'
    norn = start(config=config)
    assert 'unsafe' not in policy(norn, '/plugin/pages/index.html')
    assert {'module': 'kismet_ui_mine', 'js': 'plugin/pages/mine.js'} in norn.get('/dynamic.json').json()['dynamicjs']
    assert 'import(local_uri_prefix + "plugin/pages/mine.js")' in norn.get('/dynamic.js').text
    chosen = "default-src 'self'; frame-ancestors 'self' https://desk.example"
    norn = start(config=config + f'httpd_content_security_policy={chosen}\n')
    assert policy(norn) == policy(norn, '/plugin/pages/index.html') == chosen


def test_the_script_defines_what_pages_use(start):
    text = start().get('/dynamic.js').text
    assert set(re.findall(r'^var kismet_ui_(\w+);$', text, re.M)) == MODULES
    if not shutil.which('node'):
        pytest.skip('no node')
    for prefix, expected in ('', './'), ('var KISMET_URI_PREFIX = "/air/";', '/air/'):
        script = prefix + text.replace('import(', 'load(') + '''
            var asked = []; function load(x) { asked.push(x); return x.includes('zwave') ? Promise.reject('none') : Promise.resolve({x}); }
            console.warn = () => 0;
            load_dynamics().then(() => console.log(JSON.stringify([asked, kismet_ui_dot11, kismet_ui_zwave === undefined])));'''
        out = subprocess.run(['node', '-e', script], capture_output=True, text=True, timeout=20, check=True).stdout
        asked, dot11, missing = json.loads(out)
        assert set(asked) == {f'{expected}js/kismet.ui.{name}.js' for name in MODULES}
        assert dot11 == {'x': f'{expected}js/kismet.ui.dot11.js'} and missing
