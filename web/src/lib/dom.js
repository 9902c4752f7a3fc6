// Building elements: h('a', {href, class, onclick}, ...children). Text is always text, never markup.
const SVG = 'http://www.w3.org/2000/svg';

function put(node, props) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (name === 'dataset') Object.assign(node.dataset, value);
    else if (name === 'css') for (const [k, v] of Object.entries(value)) node.style.setProperty(k, v);
    else if (name === 'value') node.value = value;
    else node.setAttribute(name, value === true ? '' : value);
  }
}

export function add(node, ...children) {
  for (const c of children.flat(Infinity)) if (c !== undefined && c !== null && c !== false) node.append(c);
  return node;
}

export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  put(node, { ...props, value: undefined });
  add(node, ...children);
  if (props && 'value' in props) node.value = props.value;
  return node;
}

export function svg(tag, props, ...children) {
  const node = document.createElementNS(SVG, tag);
  put(node, props);
  return add(node, ...children);
}

export function fill(node, ...children) {
  node.replaceChildren();
  return add(node, ...children);
}

// Changes text only where it differs, so that screen readers and selections are left in peace.
export function say(node, text) {
  if (node.textContent !== String(text)) node.textContent = text;
}

export const loading = (what = 'Loading') => h('p', { class: 'loading', role: 'status' }, `${what}…`);

export const emptyState = (title, ...more) =>
  h(
    'div',
    { class: 'empty' },
    h('h2', {}, title),
    more.map((m) => (typeof m === 'string' ? h('p', {}, m) : m)),
  );

export function errorBox(error, retry) {
  return h(
    'div',
    { class: 'notice bad', role: 'alert' },
    h('p', {}, h('strong', {}, 'That did not work. '), error?.message ?? String(error)),
    retry && h('button', { type: 'button', onclick: retry }, 'Try again'),
  );
}

export const field = (label, control, hint) =>
  h(
    'label',
    { class: 'field' },
    h('span', { class: 'label' }, label),
    control,
    hint && h('span', { class: 'hint' }, hint),
  );

export function panel(title, ...children) {
  return h('section', { class: 'panel' }, title && h('h2', {}, title), children);
}

// Pairs of a name and a value; pairs without value are left out.
export function facts(pairs) {
  return h(
    'dl',
    { class: 'facts' },
    pairs
      .filter((p) => p && p[1] !== undefined && p[1] !== null && p[1] !== '' && p[1] !== false)
      .map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
  );
}
