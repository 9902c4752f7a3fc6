// Every page: one row adds it. Pages without title are not in the navigation.
import { devices } from './devices.js';
import { device } from './device.js';
import { ssids } from './ssids.js';
import { channels } from './channels.js';
import { alerts } from './alerts.js';
import { messages } from './messages.js';
import { sources } from './sources.js';
import { logs } from './logs.js';
import { gps } from './gps.js';
import { system } from './system.js';
import { settings } from './settings.js';

export const pages = [
  { path: 'devices', title: 'Devices', render: devices },
  { path: 'device', under: 'devices', render: device },
  { path: 'ssids', title: 'Networks', render: ssids },
  { path: 'channels', title: 'Channels', render: channels },
  { path: 'map', title: 'Map', load: async () => (await import('./map.js')).map },
  { path: 'alerts', title: 'Alerts', render: alerts },
  { path: 'messages', title: 'Messages', render: messages },
  { path: 'sources', title: 'Data sources', render: sources },
  { path: 'logs', title: 'Logs', render: logs },
  { path: 'gps', title: 'GPS', render: gps },
  { path: 'system', title: 'System', render: system },
  { path: 'settings', title: 'Settings', render: settings },
];
