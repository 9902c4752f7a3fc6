// Requests to the server. Paths are relative to the page, so that a proxy's path prefix just works.
// Every request says X-Requested-With, to which the server never answers with the browser's own prompt.
export class ApiError extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

export const base = new URL('.', window.location.href);
export const url = (path) => new URL(path.replace(/^\//, ''), base).href;

const TIMEOUT_MS = 30000;
const refusals = new Set();
export const onRefused = (fn) => refusals.add(fn);

function explain(status, text) {
  const said = text.trim();
  if (said && said.length < 400 && !said.startsWith('<') && said !== '{}') return said;
  if (status === 404) return 'The server does not know that; it may have been removed meanwhile.';
  return `The server refused with status ${status}.`;
}

async function send(path, { method = 'GET', body, headers = {}, signal, quiet, timeout = TIMEOUT_MS } = {}) {
  const limit = AbortSignal.timeout(timeout);
  let reply;
  try {
    reply = await fetch(url(path), {
      method,
      body,
      credentials: 'same-origin',
      cache: 'no-store',
      headers: { 'X-Requested-With': 'XMLHttpRequest', ...headers },
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
  } catch (e) {
    if (signal?.aborted) throw e;
    throw new ApiError(
      0,
      e.name === 'TimeoutError'
        ? 'The server did not answer in time. Is it busy, or the way to it slow?'
        : 'The server cannot be reached. Is it running, and is this machine still connected to it?',
    );
  }
  if (reply.status === 401 && !quiet) for (const fn of refusals) fn();
  return reply;
}

async function json(reply) {
  if (!reply.ok) throw new ApiError(reply.status, explain(reply.status, await reply.text()));
  const text = await reply.text();
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return text;
  }
}

export const get = async (path, options) => json(await send(path, options));

// A form with the variable json, as commands are sent.
export async function post(path, command = {}, variables = {}, options = {}) {
  const body = new URLSearchParams({ json: JSON.stringify(command), ...variables });
  return json(await send(path, { ...options, method: 'POST', body }));
}

export async function form(path, variables, options = {}) {
  return json(await send(path, { ...options, method: 'POST', body: new URLSearchParams(variables) }));
}

// The status and the sentence of a reply, whatever they are.
export async function answer(path, options) {
  const reply = await send(path, { quiet: true, ...options });
  return { status: reply.status, text: (await reply.text()).trim() };
}
export const status = async (path, options) => (await send(path, { quiet: true, ...options })).status;

function basic(user, password) {
  const octets = new TextEncoder().encode(`${user}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...octets))}`;
}

// True when the login is right; the server then sets its session cookie.
export async function login(user, password) {
  const code = await status('session/check_session', { headers: { Authorization: basic(user, password) } });
  if (code === 401 || code === 403) return false;
  if (code !== 200) throw new ApiError(code, explain(code, ''));
  return true;
}
