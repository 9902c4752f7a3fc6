// What a foreign page can do to a server through a browser that is logged in to it: nothing. Chromium, with a page under
// another name, and with a name that is made to point at the server (DNS rebinding).
// Environment: NORN, SAMPLE. Exit 77: cannot run.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch } from './browser.mjs';

const { NORN, SAMPLE } = process.env;
const browser = await launch('--host-resolver-rules=MAP *.example 127.0.0.1');
const faults = [];
const check = (truth, what) => {
  if (!truth) faults.push(what);
};

async function start(config) {
  const home = mkdtempSync(join(tmpdir(), 'norn-foreign-'));
  const conf = join(home, 'norn.conf');
  writeFileSync(conf, `httpd_port=0\nremote_capture_port=0\nlog_types=\nconfigdir=${home}\n${config}`);
  const process = spawn(NORN, ['-f', conf, '--homedir', home, '-c', SAMPLE], { cwd: home });
  let said = '';
  const url = await new Promise((resolve, reject) => {
    process.stderr.on('data', (d) => {
      said += d;
      const m = said.match(/Serving on (http:\S+?)\/?\s/);
      if (m) resolve(m[1]);
    });
    process.on('exit', () => reject(new Error(said)));
  });
  process.removeAllListeners('exit');
  const stop = () =>
    new Promise((resolve) => {
      process.on('exit', (code) => {
        check(code === 0, `the server ended with ${code}: ${said}`);
        rmSync(home, { recursive: true, force: true });
        resolve();
      });
      process.kill('SIGTERM');
    });
  return { url, home, stop, said: () => said };
}

// The foreign page: whatever is in its query runs.
const foreign = createServer((request, reply) => {
  reply.setHeader('Content-Type', 'text/html');
  reply.end(new URL(request.url, 'http://x').searchParams.get('html') ?? 'a page');
});
await new Promise((resolve) => {
  foreign.listen(0, '127.0.0.1', resolve);
});
const foreignUrl = (html, host = 'evil.example') =>
  `http://${host}:${foreign.address().port}/?html=${encodeURIComponent(html)}`;

const form = (action, fields) =>
  `<form method=post action="${action}">${Object.entries(fields)
    .map(([k, v]) => `<input name="${k}" value='${v}'>`)
    .join('')}</form><script>document.forms[0].submit()</script>`;
const isSet = async (url) => (await fetch(`${url}/session/check_setup_ok`)).status !== 500;

// No login is set yet: no page of another name sets it.
async function firstPassword() {
  const norn = await start('');
  const token = readFileSync(join(norn.home, 'first_login_token'), 'utf8').trim();
  const fields = { username: 'evil', password: 'evil password', token }; // even one that it should not know
  const page = await browser.newPage();
  const { port } = new URL(norn.url);

  for (const host of ['evil.example', 'localhost']) {
    await page.goto(foreignUrl(form(`${norn.url}/session/set_password`, fields), host));
    await page.waitForURL(/set_password/);
    check(!(await isSet(norn.url)), `a form of ${host} set the first login`);
  }
  await page.goto(foreignUrl('x'));
  await page.evaluate(
    ([url, body]) =>
      fetch(url, {
        method: 'POST',
        mode: 'no-cors',
        credentials: 'include',
        body: new URLSearchParams(body),
        signal: AbortSignal.timeout(3000), // newer browsers ask before a page may do that
      }).catch(() => {}),
    [`${norn.url}/session/set_password`, fields],
  );
  check(!(await isSet(norn.url)), 'a fetch set the first login');

  await page.goto(`http://rebound.example:${port}/`); // this name leads to norn itself
  const rebound = await page.evaluate(async (body) => {
    const quiet = { headers: { 'X-Requested-With': 'x' } }; // no prompt
    const post = { ...quiet, method: 'POST', body: new URLSearchParams(body) };
    return [
      (await fetch('/session/set_password', post)).status,
      (await fetch('/devices/views/all/devices.json', quiet)).status,
    ];
  }, fields);
  check(rebound[0] === 403 && !(await isSet(norn.url)), `rebinding set the first login: ${rebound}`);
  check(rebound[1] === 401, `rebinding read the devices: ${rebound}`);
  await page.close();
  await norn.stop();
}

// A browser that holds Basic credentials, as it does after its own prompt, and the cookie.
async function commands() {
  const norn = await start('httpd_username=kismet\nhttpd_password=secret\n');
  const context = await browser.newContext({ httpCredentials: { username: 'kismet', password: 'secret' } });
  const page = await context.newPage();
  const basic = { Authorization: `Basic ${btoa('kismet:secret')}` };
  const logs = async () =>
    (await (await fetch(`${norn.url}/logging/active.json`, { headers: basic })).json()).length;
  const { port } = new URL(norn.url);
  const command = `${norn.url}/logging/by-class/pcapng/start.cmd`;

  await page.goto(`${norn.url}/session/check_session`);
  const before = await logs();
  for (const host of ['evil.example', 'localhost']) {
    await page.goto(
      foreignUrl(
        `<img src="${command}" onerror="document.title='done'" onload="document.title='done'">`,
        host,
      ),
    );
    await page.waitForFunction(() => document.title === 'done');
    check((await logs()) === before, `an image of ${host} gave a command`);
    await page.goto(foreignUrl(`<meta name=referrer content=no-referrer><a href="${command}">x</a>`, host));
    await page.click('a');
    await page.waitForURL(/start\.cmd/);
    check((await logs()) === before, `a link of ${host} gave a command`);
    await page.goto(foreignUrl(form(command, { json: '{}' }), host));
    await page.waitForURL(/start\.cmd/);
    check((await logs()) === before, `a form of ${host} gave a command`);
  }
  await page.goto(foreignUrl('x'));
  const socket = (url) =>
    page.evaluate(
      (to) =>
        new Promise((resolve) => {
          const ws = new WebSocket(to);
          ws.onopen = () => resolve(true);
          ws.onerror = () => resolve(false);
        }),
      url,
    );
  check(
    !(await socket(`${norn.url.replace('http', 'ws')}/eventbus/events.ws`)),
    'a foreign page opened a websocket',
  );
  await page.goto(`http://rebound.example:${port}/`);
  const rebound = await page.evaluate(async () => (await fetch('/logging/by-class/pcapng/start.cmd')).status);
  check(rebound === 403 && (await logs()) === before, `rebinding gave a command: ${rebound}`);

  await page.goto(`${norn.url}/healthz`); // the server's own pages go on
  const own = await page.evaluate(
    async () => (await fetch('/logging/by-class/pcapng/start.cmd', { method: 'POST' })).status,
  );
  check(own === 200 && (await logs()) === before + 1, `an own page gives no command: ${own}`);
  check(
    await socket(`${norn.url.replace('http', 'ws')}/eventbus/events.ws`),
    'an own page opens no websocket',
  );
  await context.close();
  await norn.stop();
}

const limit = setTimeout(() => {
  faults.push('the time is over');
  browser.close();
}, 60000);
try {
  await firstPassword();
  await commands();
} catch (e) {
  faults.push(e.stack);
}
clearTimeout(limit);
await browser.close().catch(() => {});
foreign.close();
foreign.closeAllConnections();
console.log(faults.length ? faults.join('\n') : 'no foreign page does anything');
process.exit(faults.length ? 1 : 0);
