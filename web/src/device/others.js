// What other phys and plugins say of a device.
import { h, panel, facts } from '../lib/dom.js';
import { devicePanels } from '../plugins.js';

const isRecord = (v) => v && typeof v === 'object' && !Array.isArray(v);
const isPlain = (v) => ['string', 'number'].includes(typeof v) && v !== '';
const OWN = /^(kismet\.|norn\.|dot11\.device$)/;

// The plain values of a record and of the records in it.
function plainValues(record) {
  return Object.entries(record).flatMap(([name, v]) => {
    if (isPlain(v)) return [[name, v]];
    return isRecord(v) ? Object.entries(v).filter(([, x]) => isPlain(x)) : [];
  });
}

// Each value is named by the last part of its field.
const words = (field) => field.split('.').pop().replaceAll('_', ' ');

export function otherPhys(d) {
  return Object.entries(d)
    .filter(([name, v]) => isRecord(v) && !OWN.test(name))
    .map(([name, v]) => [name.replace('.device', ''), plainValues(v)])
    .filter(([, list]) => list.length)
    .map(([name, list]) => panel(name, facts(list.map(([field, v]) => [words(field), String(v)]))));
}

// A plugin's fault is its own.
export function pluginPanels(d) {
  return devicePanels.map((fn) => {
    try {
      return fn(d) ?? null;
    } catch (e) {
      return panel('Plugin', h('p', { class: 'dim' }, `A plugin failed here: ${e.message}`));
    }
  });
}
