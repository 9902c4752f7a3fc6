// Tables whose rows the server sorts, searches and sends a page at a time (the DataTables mode of lists).
import { h, fill, errorBox } from './dom.js';
import { post } from './api.js';
import { table } from './table.js';

const TYPED_MS = 250; // after the last letter, the search begins

// path() names the list, command() what is asked of it; the columns' paths are what it is sorted by.
export function serverTable(name, columns, { path, command, order, signal, ...options }) {
  const said = h('div');
  const colmap = Object.fromEntries(columns.map((c, i) => [i, [[c.path]]]));
  let asked;
  const ask = (data) => {
    const by = data.order[0] ?? { column: order[0][0], dir: order[0][1] };
    const variables = {
      start: data.start,
      length: data.length,
      draw: data.draw,
      'search[value]': data.search.value,
      'order[0][column]': by.column,
      'order[0][dir]': by.dir,
    };
    return post(path(), { ...command(), datatable: true, colmap }, variables, { signal });
  };
  const load = async (data, _, done) => {
    asked = data;
    try {
      const reply = await ask(data);
      wrap.rows = reply.data;
      fill(said);
      done(reply);
    } catch (e) {
      if (signal.aborted) return;
      fill(said, errorBox(e, wrap.reload));
      done({ draw: data.draw, recordsTotal: 0, recordsFiltered: 0, data: [] });
    }
  };
  const wrap = table(name, columns, { ...options, load, order });
  wrap.said = said;
  wrap.rows = []; // those that are shown
  wrap.reload = () => wrap.grid.ajax.reload(null, true);
  wrap.searchBox = (label) => {
    let waiting;
    const box = h('input', { type: 'search', placeholder: label, 'aria-label': label });
    box.addEventListener('input', () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => wrap.grid.search(box.value).draw(), TYPED_MS);
    });
    return box;
  };
  // Asks again for the page that is shown. Its rows change in place; others only while it is not full.
  wrap.renew = async (key) => {
    if (!asked) return;
    const { data } = await ask(asked);
    const old = new Set(wrap.rows.map((row) => row[key]));
    if (wrap.rows.length < asked.length && data.some((row) => !old.has(row[key]))) wrap.grid.draw(false);
    else wrap.patch(data, key);
  };
  return wrap;
}
