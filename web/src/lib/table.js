// Tables by DataTables. Server tables ask for one page at a time; rows change in place and never jump.
import DataTable from 'datatables.net';
import { h } from './dom.js';
import { pref, setPref } from './prefs.js';

const LANGUAGE = {
  search: '',
  searchPlaceholder: 'Search',
  lengthMenu: '_MENU_ rows',
  info: '_START_ – _END_ of _TOTAL_',
  infoEmpty: 'Nothing to show',
  infoFiltered: '(of _MAX_)',
  zeroRecords: 'Nothing matches. Loosen the search or the filters.',
  emptyTable: 'Nothing here yet.',
  loadingRecords: 'Loading…',
  processing: 'Loading…',
  thousands: ',',
  paginate: { previous: 'Previous', next: 'Next', first: 'First', last: 'Last' },
};
DataTable.ext.errMode = 'none';

const cell = (column) => (value, type, row) => {
  if (type !== 'display') return column.sortValue ? column.sortValue(row) : value;
  const shown = column.show ? column.show(value, row) : (value ?? '');
  return typeof shown === 'string' || typeof shown === 'number' ? h('span', {}, shown) : (shown ?? '');
};

const open = (go) => (e) => {
  const row = e.target.closest('tbody tr');
  if (!row || e.target.closest('a, button, input') || String(getSelection())) return;
  go(row);
};

const shownCell = (column, record) => {
  const shown = column.show ? column.show(record[column.key], record) : (record[column.key] ?? '');
  return typeof shown === 'object' ? shown : h('span', {}, shown);
};

// The options of DataTables that all tables of ours share.
function gridOptions(name, columns, hidden, { load, rows, order, rowClass, empty, length, search, paging }) {
  const data = load
    ? { serverSide: true, ajax: (asked, done) => load(asked, columns, done) }
    : { data: rows ?? [] };
  return {
    ...data,
    columns: columns.map((c) => ({
      data: (row) => row[c.key],
      title: c.title,
      name: c.key,
      visible: !hidden.has(c.key),
      orderable: c.sort !== false,
      className: c.className ?? '',
      defaultContent: '',
      render: cell(c),
    })),
    order,
    paging,
    searching: search,
    autoWidth: false,
    searchDelay: 250,
    deferRender: true,
    pageLength: pref(`${name}.length`, length),
    lengthMenu: [25, 50, 100, 250],
    layout: {
      topStart: null,
      topEnd: null,
      bottomStart: 'info',
      bottomEnd: paging ? ['pageLength', { paging: { type: 'simple_numbers', buttons: 5 } }] : null,
    },
    language: { ...LANGUAGE, emptyTable: empty ?? LANGUAGE.emptyTable },
    createdRow: (tr, row) => {
      if (rowClass) tr.className = rowClass(row);
    },
  };
}

// Brings new values into the rows that are shown, in place: patch(list, key), and age(), by which ages and colours go
// on while nothing comes. The order stays until the user sorts or pages.
function liveRows(grid, columns, rowClass) {
  const redraw = (row) => {
    const tr = row.node();
    if (tr.querySelector(':focus')) return;
    const record = row.data();
    if (rowClass) tr.className = rowClass(record);
    grid()
      .cells(row.index(), ':visible')
      .every(function each() {
        const now = shownCell(columns[this.index().column], record);
        const node = this.node();
        if (node.innerHTML !== now.outerHTML) node.replaceChildren(now);
      });
  };
  const shownRows = (fn) =>
    grid()
      .rows({ page: 'current' })
      .every(function each() {
        fn(this);
      });
  return {
    patch(list, key) {
      const fresh = new Map(list.map((record) => [record[key], record]));
      shownRows((row) => {
        const record = fresh.get(row.data()?.[key]);
        if (!record) return;
        Object.assign(row.data(), record);
        redraw(row);
      });
    },
    age: () => shownRows(redraw),
  };
}

const DEFAULTS = { order: [[0, 'asc']], length: 50, search: true, paging: true };

// columns: [{key, title, show(value, row), className, hidden}]. `name` keys what the browser remembers.
export function table(name, columns, settings = {}) {
  const { goto, caption, rowClass } = settings;
  const preset = columns.filter((c) => c.hidden).map((c) => c.key);
  const hidden = new Set(pref(`${name}.hidden`, preset));
  const element = h('table', { class: 'data' }, caption && h('caption', { class: 'sr' }, caption));
  const wrap = h('div', { class: 'tablewrap' }, element);
  const options = gridOptions(name, columns, hidden, { ...DEFAULTS, ...settings });
  let grid;
  const go = open((tr) => {
    const row = grid.row(tr).data();
    if (row) goto(row);
  });
  if (goto) element.addEventListener('click', go);
  new ResizeObserver(() => wrap.style.setProperty('--seen', `${wrap.clientWidth}px`)).observe(wrap);
  wrap.start = () => {
    grid = new DataTable(element, options);
    wrap.grid = grid;
    grid.on('length', (e, s, n) => setPref(`${name}.length`, n));
    return grid;
  };
  wrap.columnsMenu = () => columnsMenu(name, columns, hidden, () => grid);
  wrap.refresh = (list) => {
    const at = window.scrollY;
    grid.clear().rows.add(list).draw(false);
    window.scrollTo(0, at);
  };
  return Object.assign(
    wrap,
    liveRows(() => grid, columns, rowClass),
  );
}

function columnsMenu(name, columns, hidden, grid) {
  const checks = columns.map((c, i) =>
    h(
      'label',
      {},
      h('input', {
        type: 'checkbox',
        checked: !hidden.has(c.key),
        onchange: (e) => {
          if (e.target.checked) hidden.delete(c.key);
          else hidden.add(c.key);
          setPref(`${name}.hidden`, [...hidden]);
          grid().column(i).visible(e.target.checked);
          grid().draw(false);
        },
      }),
      ` ${c.title}`,
    ),
  );
  return h('details', { class: 'menu' }, h('summary', {}, 'Columns'), h('div', { class: 'sheet' }, checks));
}
