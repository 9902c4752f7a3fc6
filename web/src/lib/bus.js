// The server's events, by one websocket for all pages. Where a proxy lets no websocket through, pages ask.
import { socket } from './socket.js';
import { every } from './live.js';

const listeners = new Map(); // name of an event: functions that get its record
let connection;

export function startBus(signal) {
  connection = socket('eventbus/events.ws', {
    signal,
    hello: () => [...listeners.keys()].map((name) => ({ SUBSCRIBE: name })),
    received: (event) => {
      for (const [name, record] of Object.entries(event))
        for (const fn of listeners.get(name) ?? []) fn(record);
    },
  });
}

export const busIsUp = () => connection?.up ?? false;

// Calls fn with the record of every such event until the signal ends it.
export function on(name, fn, signal) {
  if (!listeners.has(name)) {
    listeners.set(name, new Set());
    connection?.send({ SUBSCRIBE: name });
  }
  listeners.get(name).add(fn);
  signal.addEventListener('abort', () => {
    const left = listeners.get(name);
    left?.delete(fn);
    if (left?.size !== 0) return;
    listeners.delete(name);
    connection?.send({ UNSUBSCRIBE: name });
  });
}

const SOON_MS = 250; // events that come together cause one update
const SELDOM = 10; // while events come, the clock is only a safety net

// Runs fn now, soon after each of the events, and every so often while no events come.
export function follow(names, fn, { ms, signal }) {
  let soon, last;
  const run = async () => {
    last = Date.now();
    soon = undefined;
    await fn();
  };
  for (const name of names)
    on(name, () => (soon ??= setTimeout(() => run().catch(() => {}), SOON_MS)), signal);
  signal.addEventListener('abort', () => clearTimeout(soon));
  return every(
    ms,
    async () => {
      if (last === undefined || !busIsUp() || Date.now() - last >= ms * SELDOM) await run();
    },
    signal,
  );
}
