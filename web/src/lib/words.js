// What radio terms mean, in words.
const SECURITY = [
  [
    /\bWEP\b/,
    'bad',
    'WEP',
    'Broken since 2001: anybody nearby can read it within minutes. Replace it by WPA2 or WPA3.',
  ],
  [
    /\b(None|OPEN)\b/i,
    'bad',
    'Open',
    'No encryption: everything sent that is not protected by itself (HTTPS, a VPN) can be read by anybody nearby.',
  ],
  [
    /OWE/,
    'good',
    'Enhanced Open',
    'No password, but each client has its own encryption (OWE). Listening does not help; the network is not proven to be genuine.',
  ],
  [
    /WPA3|SAE/,
    'good',
    'WPA3',
    'Current protection: the password cannot be guessed from recorded traffic (SAE).',
  ],
  [
    /(EAP|802\.1X|WPA2? ?-?ENTERPRISE)/i,
    'good',
    'Enterprise',
    'Each user has a login of their own, checked by a server (802.1X).',
  ],
  [
    /WPA2/,
    'fair',
    'WPA2',
    'Sound with a long password. A recorded handshake lets somebody guess passwords at leisure, so short ones fall.',
  ],
  [/WPA/, 'bad', 'WPA', 'The first WPA is outdated. Use WPA2 or WPA3.'],
];
const PARTS = [
  [/TKIP/, 'TKIP is an outdated cipher kept for devices of before 2006; it can be attacked.'],
  [
    /WPS/,
    'WPS is on: its eight-digit PIN can often be found by trial. Switch it off where it is not needed.',
  ],
];

export function security(crypt) {
  const text = crypt ?? '';
  if (!text) return null;
  const found = SECURITY.find(([re]) => re.test(text));
  const base = found
    ? { level: found[1], name: found[2], means: found[3] }
    : { level: 'plain', name: text, means: 'No explanation is known for this kind of protection.' };
  const more = PARTS.filter(([re]) => re.test(text)).map(([, words]) => words);
  if (/WPA3|SAE/.test(text) && /WPA2/.test(text))
    more.push("It also admits WPA2 clients (transition mode), with WPA2's weakness for those.");
  return { ...base, more, level: more.length && base.level === 'good' ? 'fair' : base.level };
}

export const SEVERITIES = [
  [20, 'critical', 'Critical'],
  [15, 'high', 'High'],
  [10, 'medium', 'Medium'],
  [5, 'low', 'Low'],
  [0, 'info', 'Information'],
];
export function severity(n) {
  const row = SEVERITIES.find(([least]) => n >= least) ?? SEVERITIES[4];
  return { key: row[1], name: row[2] };
}

const CLASSES = {
  DENIAL: 'Somebody keeps others from using the network',
  EXPLOIT: 'An attack on a weakness of a device',
  PROBE: 'Somebody looks around',
  SPOOF: 'Somebody pretends to be another',
  FLOOD: 'Unusually many frames of one kind',
  SYSTEM: 'About this server',
  OTHER: 'Something else',
  INJECTION: 'Foreign frames within a connection',
  BYUSER: 'Raised by a user or script',
};
export const alertClass = (name) => CLASSES[name] ?? name;

export const MESSAGE_KINDS = [
  [16, 'bad', 'Fatal'],
  [8, 'warn', 'Alert'],
  [4, 'bad', 'Error'],
  [2, 'plain', 'Note'],
  [1, 'dim', 'Debug'],
];
export function messageKind(flags) {
  const row = MESSAGE_KINDS.find(([bit]) => flags & bit) ?? MESSAGE_KINDS[3];
  return { kind: row[1], name: row[2] };
}

const STATES = {
  pending: ['plain', 'Opening'],
  running: ['good', 'Running'],
  paused: ['warn', 'Paused'],
  done: ['plain', 'Read to its end'],
  closed: ['dim', 'Closed'],
  error: ['bad', 'Error'],
  failed: ['bad', 'Error'],
};
export function sourceState(s) {
  if (s['kismet.datasource.error']) return ['bad', 'Error'];
  if (s['kismet.datasource.paused']) return STATES.paused;
  return (
    STATES[s['norn.datasource.state']] ?? (s['kismet.datasource.running'] ? STATES.running : STATES.closed)
  );
}

export const fixWords = (fix) =>
  ({ 3: 'Position with altitude (3D)', 2: 'Position (2D)' })[fix] ?? 'No position yet';
