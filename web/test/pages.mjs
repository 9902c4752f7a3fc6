// Drives every page of the built interface in Chromium against a server that reads a capture.
// Environment: NORN, SAMPLE, WEB (the built folder), SHOTS (a folder for screenshots, may be unset).
// Any error in the browser's console fails, and so does a serious finding of axe. Exit 77: cannot run.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from './browser.mjs';

const { NORN, SAMPLE, WEB, SHOTS, CAPTURES } = process.env;
const REAL = [
  'parrot_anafi4_real.pcapng',
  'mavic_multiple_spoofed.pcapng',
  'wpa2-psk-linksys.cap',
  'wpa3-psk.pcap',
  'wps2.0.pcap',
  'Chinese-SSID-Name.pcap',
  'example-ft.pcapng',
  'brno-probes-1k.pcap',
  'capture_wds-01.cap',
];
if (!existsSync(join(WEB, 'index.html'))) process.exit(77);
const browser = await launch();
const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

const home = mkdtempSync(join(tmpdir(), 'norn-web-'));
const conf = join(home, 'norn.conf');
const plugin = join(home, 'plugins', 'hello-web');
cpSync(fileURLToPath(new URL('../../plugins/hello-web', import.meta.url)), plugin, { recursive: true });
writeFileSync(
  conf,
  `httpd_port=0\nhttpd_home=${WEB}\nconfigdir=${home}\nhttpd_uri_prefix=/air\ngps=web:name=webgps\nlog_prefix=${home}\nlog_types=kismet\n`,
);
const server = spawn(NORN, ['-f', conf, '--homedir', home, '-c', SAMPLE], {
  cwd: home,
  stdio: ['ignore', 'pipe', 'pipe'],
});
let said = '';
const base = await new Promise((resolve, reject) => {
  const read = (d) => {
    said += d;
    const m = said.match(/Serving on (http:\S+?)\/?\s/);
    if (m) resolve(`${m[1]}/air/`);
  };
  server.stdout.on('data', read);
  server.stderr.on('data', read);
  server.on('exit', () => reject(new Error(said)));
});

const faults = [];
const check = (truth, what) => {
  if (!truth) faults.push(what);
};
const context = await browser.newContext({
  viewport: { width: 1360, height: 860 },
  geolocation: { latitude: 47.5, longitude: 8.7 },
  permissions: ['geolocation'],
  acceptDownloads: true,
  bypassCSP: false,
});
const page = await context.newPage();
let expected = false;
page.on('console', (m) => {
  if (m.type() === 'error' && !expected) faults.push(`console at ${page.url()}: ${m.text()}`);
});
page.on('pageerror', (e) => faults.push(`page error at ${page.url()}: ${e.stack}`));
page.on('request', (r) => {
  if (!r.url().startsWith(base) && !/^(data|blob):/.test(r.url())) faults.push(`outside request: ${r.url()}`);
});
page.on('dialog', (d) => {
  faults.push(`a browser dialogue: ${d.message()}`);
  d.dismiss();
});

const sockets = [];
page.on('websocket', (ws) => sockets.push(ws.url()));

const shot = (name) => SHOTS && page.screenshot({ path: join(SHOTS, `${name}.png`) });
async function accessible(where) {
  const cdp = await context.newCDPSession(page);
  await cdp.send('Runtime.evaluate', { expression: axe });
  const r = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  for (const v of r.violations.filter((x) => ['serious', 'critical'].includes(x.impact)))
    faults.push(
      `axe at ${where}: ${v.id}: ${v.nodes
        .slice(0, 2)
        .map((n) => `${n.html} ${n.failureSummary}`)
        .join(' | ')}`,
    );
  await cdp.detach();
}
const go = async (path, wait) => {
  await page.goto(`${base}#/${path}`);
  await page.waitForSelector(wait ?? 'main h1');
};

// Real captures into the same server, then every kind of device that came of them.
async function realDevices() {
  for (const name of REAL)
    await page.evaluate(
      async (definition) => {
        await fetch('datasource/add_source.cmd', {
          method: 'POST',
          headers: { 'X-Requested-With': 'x' },
          body: new URLSearchParams({ json: JSON.stringify({ definition }) }),
        });
      },
      join(CAPTURES, name),
    );
  await page.waitForTimeout(1500);
  const list = await page.evaluate(async () =>
    (
      await fetch('devices/views/all/devices.json', {
        method: 'POST',
        body: new URLSearchParams({
          json: JSON.stringify({
            fields: ['kismet.device.base.key', 'kismet.device.base.type', 'kismet.device.base.crypt'],
          }),
        }),
      })
    ).json(),
  );
  const kinds = new Map(
    list.map((d) => [
      `${d['kismet.device.base.type']} ${d['kismet.device.base.crypt']}`,
      d['kismet.device.base.key'],
    ]),
  );
  check(kinds.size > 5, `few kinds of devices: ${[...kinds.keys()]}`);
  for (const key of [...kinds.values()].slice(0, 14)) {
    await go(`device/${key}`);
    await page.waitForTimeout(150);
    if (SHOTS) await page.screenshot({ path: join(SHOTS, `kind-${key}.png`), fullPage: true });
    check(
      !(await page.locator('main > .notice.bad').count()),
      `device ${key}: ${await page.locator('main').innerText()}`,
    );
  }
}

// A source that plays a capture is paused and goes on.
async function pauseSource() {
  await page.evaluate(
    (definition) =>
      fetch('datasource/add_source.cmd', {
        method: 'POST',
        headers: { 'X-Requested-With': 'x' },
        body: new URLSearchParams({ json: JSON.stringify({ definition }) }),
      }),
    `${join(CAPTURES, 'wpa2-psk-linksys.cap')}:name=live,realtime=true`,
  );
  await go('sources', '.panel:has(h2:has-text("live")) button:has-text("Pause")');
  await page.click('.panel:has(h2:has-text("live")) button:has-text("Pause")');
  await page.waitForSelector('.panel:has(h2:has-text("live")) .chip:has-text("Paused")');
  await page.click('.panel:has(h2:has-text("live")) button:has-text("Resume")');
  await page.waitForSelector('.panel:has(h2:has-text("live")) .chip:has-text("Running")');
}

// Pages with real devices, a drone among them.
async function realPages() {
  for (const name of ['devices', 'ssids', 'channels', 'alerts', 'sources']) {
    await go(name);
    await page.waitForTimeout(500);
    await accessible(`${name} of real captures`);
    await shot(`${name}-real`);
  }
  await go('map', 'p:has-text("drone")');
  await page.waitForTimeout(500);
  check((await page.locator('#map path').count()) >= 3, 'the drone or its way is not on the map');
  await accessible('map of a drone');
  await shot('map-drone');
  await go('devices');
  await page.fill('input[type=search]', '60:60:1F'); // the prefix of the drones
  await page.waitForSelector('tr.uav');
  await shot('devices-drone');
}

// A client that looks for networks, and an access point.
async function realClient() {
  const looking = await page.evaluate(async () =>
    (
      await fetch('devices/views/all/devices.json', {
        method: 'POST',
        body: new URLSearchParams({
          json: JSON.stringify({
            fields: ['kismet.device.base.key', ['dot11.device/dot11.device.probed_ssid_map', 'probed']],
          }),
        }),
      })
    ).json(),
  );
  const known = looking.find(
    (d) => Array.isArray(d.probed) && d.probed.some((p) => p['dot11.probedssid.ssid']),
  );
  await go(`device/${known['kismet.device.base.key']}`, '.panel:has(h2:has-text("Networks it looks for"))');
  await accessible('a client');
  if (SHOTS) await page.screenshot({ path: join(SHOTS, 'client.png'), fullPage: true });
  await go('devices');
  await page.fill('input[type=search]', 'linksys');
  await page.waitForTimeout(600);
  await page.click('td.name a >> nth=0');
  await page.waitForSelector('.panel.full');
  await page.waitForTimeout(400);
  if (SHOTS) await page.screenshot({ path: join(SHOTS, 'device-real.png'), fullPage: true });
}

async function real() {
  if (!CAPTURES || !existsSync(join(CAPTURES, REAL[0]))) return;
  await realDevices();
  await pauseSource();
  await realPages();
  await realClient();
}

// A second login shows beside this one, and is ended without it.
async function sessions() {
  const check = (headers) => fetch(`${base}session/check_session`, { headers });
  const other = await check({
    Authorization: `Basic ${btoa('norn:one two three')}`,
    'User-Agent': 'a script',
  });
  const cookie = other.headers.get('set-cookie').split(';')[0];
  await page.click('.panel:has(h2:has-text("Sessions")) button:has-text("Refresh")');
  await page.waitForSelector('.sessions li:has-text("this session")');
  await page.click('.sessions li:has-text("a script") button:has-text("End")');
  await page.waitForSelector('.sessions li:has-text("a script")', { state: 'detached' });
  if ((await check({ Cookie: cookie })).status !== 401) faults.push('an ended session goes on');
  await page.reload();
  await page.waitForSelector('.sessions li:has-text("this session")');
}

// The first login with its token, then another.
async function firstLogin() {
  expected = true; // the browser itself notes each refused request
  await page.goto(base);
  await page.fill('[name=token]', 'WRONG');
  await page.fill('[name=password]', 'one two three');
  await page.fill('[name=again]', 'one two three');
  check(
    (await page.locator('main').innerText()).includes('first_login_token'),
    'no word of where the token is',
  );
  await page.click('button[type=submit]');
  await page.waitForSelector('.notice.bad:has-text("token is wrong")');
  await page.fill('[name=token]', readFileSync(join(home, 'first_login_token'), 'utf8').trim());
  await page.fill('[name=again]', 'one two four');
  await page.click('button[type=submit]');
  await page.waitForSelector('.notice.bad:has-text("differ")');
  await page.fill('[name=again]', 'one two three');
  await page.waitForTimeout(400); // the button's colours have come back
  await shot('setup');
  await accessible('setup');
  await page.click('button[type=submit]');
  await page.waitForSelector('table.data tbody tr td.name a');
  await context.clearCookies();
  await page.reload();
  await page.fill('[name=user]', 'norn');
  await page.fill('[name=password]', 'wrong');
  await page.click('button[type=submit]');
  await page.waitForSelector('.notice.bad');
  await page.fill('[name=password]', 'one two three');
  await page.click('button[type=submit]');
  await page.waitForSelector('table.data tbody tr td.name a');
  expected = false;
}

// Views and filters of the table; a row changes by itself.
async function deviceTable() {
  await page.selectOption('select[aria-label=View]', 'phydot11_accesspoints');
  await page.waitForFunction(() => /of 10\b/.test(document.querySelector('.dt-info')?.textContent));
  await page.selectOption('select[aria-label=View]', 'all');
  await page.waitForFunction(() => /– 50 of 74\b/.test(document.querySelector('.dt-info')?.textContent));
  await page.selectOption('select[aria-label=Signal]', '-50');
  await page.waitForFunction(() => !/– 50 of 74\b/.test(document.querySelector('.dt-info')?.textContent));
  const strong = (await page.locator('table.data tbody td:nth-child(5)').allTextContents()).map((t) =>
    parseInt(t, 10),
  );
  check(strong.length > 0 && strong.every((n) => n >= -50), `signals under -50 dBm: ${strong}`);
  await page.selectOption('select[aria-label=Signal]', '0');
  await page.waitForFunction(() => /– 50 of 74\b/.test(document.querySelector('.dt-info')?.textContent));
  // A row changes by itself: another client names its device.
  const first = (await page.locator('td.name a >> nth=0').getAttribute('href')).split('/').pop();
  await page.evaluate(
    (key) =>
      fetch(`devices/by-key/${key}/set_name.cmd`, {
        method: 'POST',
        body: new URLSearchParams({ json: JSON.stringify({ username: 'Renamed elsewhere' }) }),
      }),
    first,
  );
  await page.waitForSelector(`td.name a[href$="${first}"]:has-text("Renamed elsewhere")`);
  check(
    sockets.some((u) => u.endsWith('/devices/monitor.ws')),
    `no monitor among ${sockets}`,
  );
  check(
    sockets.some((u) => u.endsWith('/eventbus/events.ws')),
    `no event bus among ${sockets}`,
  );
}

// Sorting, pages and search; a device, its name, notes and handshakes.
async function sortAndOpen() {
  await page.click('th:has-text("Packets")');
  await page.click('th:has-text("Packets")');
  await page.waitForTimeout(300);
  const packets = (await page.locator('table.data tbody tr td:nth-child(8)').allTextContents())
    .map((t) => Number(t.replaceAll(',', '')))
    .filter((n) => !Number.isNaN(n));
  check(
    packets.length > 20 &&
      (packets.every((n, i) => !i || n <= packets[i - 1]) ||
        packets.every((n, i) => !i || n >= packets[i - 1])),
    `not sorted by packets: ${packets.slice(0, 9)}`,
  );
  await page.click('.dt-paging-button.next');
  await page.waitForFunction(() => /^51\b/.test(document.querySelector('.dt-info')?.textContent));
  await page.fill('input[type=search]', 'site-004');
  await page.waitForFunction(() => document.querySelectorAll('table.data tbody tr').length === 2);
  await shot('devices-search');
  await page.click('td.name a:has-text("site-004") >> nth=0');
  await page.waitForSelector('main h1:has-text("site-004")');
  await page.fill('[name=username]', 'Reception');
  await page.fill('[name=notes]', 'Above the door');
  await page.click('button:has-text("Save")');
  await page.waitForSelector('main h1:has-text("Reception")');
  await page.reload();
  await page.waitForSelector('main h1:has-text("Reception")');
  check((await page.inputValue('[name=notes]')) === 'Above the door', 'notes are not kept');
  await page.waitForSelector('.panel:has-text("Hello, Reception")');
  await accessible('device');
  await shot('device');
  const download = page.waitForEvent('download');
  await page.click('text=Download handshakes');
  const capture = readFileSync(await (await download).path());
  check(capture.readUInt32LE(0) === 0xa1b2c3d4 && capture.length > 400, 'the handshake capture is no pcap');
  const hashes = page.waitForEvent('download');
  await page.click('text=Download hashes');
  const lines = readFileSync(await (await hashes).path(), 'utf8');
  check(/^WPA\*0[12]\*[0-9a-f]{32}\*/.test(lines), 'the hashes are none');
}

// An alert is defined, raised and looked at.
async function alertPages() {
  await go('alerts/definitions');
  await page.click('button:has-text("Define an alert")');
  await page.fill('dialog [name=name]', 'TESTALERT');
  await page.fill('dialog [name=description]', 'From the browser');
  await page.fill('dialog [name=burst]', '5/sec');
  await page.click('dialog button[type=submit]');
  await page.waitForSelector('td:has-text("TESTALERT")');
  await page.evaluate(async () => {
    await fetch('alerts/raise_alerts.cmd', {
      method: 'POST',
      headers: { 'X-Requested-With': 'x' },
      body: new URLSearchParams({
        json: JSON.stringify({ name: 'TESTALERT', text: 'It happened <b>now</b>' }),
      }),
    });
  });
  await go('alerts', 'td:has-text("It happened <b>now</b>")');
  await page.focus('td button.link >> nth=0'); // by keyboard alone
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog[open]');
  await accessible('alert');
  await page.keyboard.press('Escape');
  await page.waitForSelector('dialog', { state: 'detached' });
  await shot('alerts');
}

// A source that cannot be opened, and one that can.
async function sourcePage() {
  await go('sources', '.panel[data-uuid]');
  await page.click('button:has-text("Add…")');
  await page.fill('dialog [name=definition]', '/nowhere/at-all.pcap');
  expected = true;
  await page.click('dialog button[type=submit]');
  await page.waitForSelector('dialog .notice.bad, .panel .chip.bad');
  await shot('sources-error');
  await page.keyboard.press('Escape');
  await page.waitForSelector('dialog', { state: 'detached' });
  expected = false;
  await page.click('button:has-text("Add…")');
  await page.fill('dialog [name=definition]', `${SAMPLE}:name=slow,realtime=true`);
  await page.click('dialog button[type=submit]');
  await page.waitForSelector('.panel:has-text("slow")');
}

// A slice of the log, as tshark reads it.
async function packetSlice() {
  await go('logs');
  await page.fill('[name=limit]', '40');
  const slice = page.waitForEvent('download');
  await page.click('button:has-text("Download")');
  const packets40 = execFileSync(
    'tshark',
    ['-r', await (await slice).path(), '-T', 'fields', '-e', 'frame.number'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
    .toString()
    .trim()
    .split('\n').length;
  check(packets40 === 40, `tshark reads ${packets40} packets of the log, not 40`);
}

// Messages, settings, names of networks, a plugin and the GPS.
async function smallPages() {
  await go('messages', 'td:has-text("It happened")');
  await page.evaluate(() =>
    fetch('alerts/raise_alerts.cmd', {
      method: 'POST',
      headers: { 'X-Requested-With': 'x' },
      body: new URLSearchParams({ json: JSON.stringify({ name: 'TESTALERT', text: 'And once more' }) }),
    }),
  );
  await page.waitForSelector('td:has-text("And once more")');
  await go('settings', 'li:has-text("hello-web")');
  await sessions();
  await go('ssids', 'td:has-text("site-002")');
  await page.click('td button:has-text("site-002")');
  await page.waitForSelector('dialog li a.mono');
  await accessible('a network');
  await shot('network');
  await page.click('dialog li a.mono >> nth=0');
  await page.waitForSelector('main h1');

  await go('x-hello', '.panel:has-text("knows 74 devices")');
  await go('gps', 'main h1');
  await page.click('text=Share this browser');
  await page.waitForSelector('text=Shared 47.5');
}

// Every page in both themes.
async function everyPage() {
  for (const theme of ['light', 'dark']) {
    await go('settings', 'main select');
    await page.selectOption('main select >> nth=0', theme);
    for (const name of [
      'devices',
      'ssids',
      'channels',
      'map',
      'alerts',
      'alerts/definitions',
      'messages',
      'sources',
      'logs',
      'gps',
      'system',
      'settings',
    ]) {
      await go(name);
      await page.waitForTimeout(name === 'map' || name === 'channels' ? 700 : 350);
      check(
        !(await page.locator('main > .notice.bad').count()),
        `${name}: ${await page.locator('main').innerText()}`,
      );
      await accessible(`${name} ${theme}`);
      await shot(`${name.replace('/', '-')}-${theme}`);
    }
  }
}

async function run() {
  await firstLogin();
  await deviceTable();
  await sortAndOpen();
  await alertPages();
  await sourcePage();
  await packetSlice();
  await smallPages();
  await everyPage();
  await real();
  await page.setViewportSize({ width: 390, height: 800 });
  for (const name of ['devices', 'channels', 'sources', 'settings']) {
    await go(name);
    await page.waitForTimeout(300);
    check(
      await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth),
      `${name} is wider than a phone`,
    );
    await accessible(`${name} phone`);
    await shot(`${name}-phone`);
  }
  await page.click('.menubutton');
  await page.click('nav a:has-text("Messages")');
  await page.waitForSelector('main h1:has-text("Messages")');
  await page.setViewportSize({ width: 1360, height: 860 });
  expected = true;
  await page.click('button:has-text("Log out")');
  await page.waitForSelector('[name=password]');
  await page.reload();
  await page.waitForSelector('[name=password]');
}

const limit = setTimeout(() => {
  faults.push('the time is over');
  browser.close();
}, 140000);
try {
  await run();
} catch (e) {
  faults.push(`at ${page.url()}: ${e.stack}`);
  try {
    await shot('fault');
  } catch {
    /* the page may be closed */
  }
}
clearTimeout(limit);
await browser.close().catch(() => {});
server.removeAllListeners('exit');
server.kill('SIGTERM');
const code =
  server.exitCode ??
  (await new Promise((resolve) => {
    server.on('exit', resolve);
  }));
check(code === 0, `the server ended with ${code}: ${said}`);
rmSync(home, { recursive: true, force: true });
console.log(faults.length ? [...new Set(faults)].join('\n') : 'every page passed');
process.exit(faults.length ? 1 : 0);
