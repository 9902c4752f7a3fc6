// Websockets of the server. One that breaks is opened again, after a longer wait each time, and sends its
// subscriptions again.
import { url } from './api.js';

const PAUSES_MS = [1000, 2000, 5000, 15000];

// hello() lists what is sent whenever it opens; received(message) gets each message of the server.
export function socket(path, { hello, received, signal }) {
  let ws, timer;
  let broken = 0;
  const self = {
    up: false,
    send(command) {
      if (self.up) ws.send(JSON.stringify(command));
    },
  };
  const open = () => {
    ws = new WebSocket(url(path).replace(/^http/, 'ws'));
    ws.onopen = () => {
      self.up = true;
      broken = 0;
      for (const command of hello()) self.send(command);
    };
    ws.onmessage = (e) => {
      if (!signal.aborted) received(JSON.parse(e.data));
    };
    ws.onclose = () => {
      self.up = false;
      if (!signal.aborted) timer = setTimeout(open, PAUSES_MS[Math.min(broken++, PAUSES_MS.length - 1)]);
    };
  };
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    ws.close();
  });
  open();
  return self;
}
