// Web plugins: modules that the manifests of the server's plugins name; see doc/web-plugins.md.
import * as dom from './lib/dom.js';
import { get, post, url } from './lib/api.js';
import { follow, on } from './lib/bus.js';
import { every } from './lib/live.js';
import { chart, history } from './lib/chart.js';
import { table } from './lib/table.js';
import { toast } from './lib/toast.js';

const NAME = /^[a-z0-9-]+$/;
const P = 'kismet.plugin.';
export const devicePanels = [];

// "name,path": a path without '/' in front is of the plugin's own files.
function moduleOf(plugin) {
  const [name, path] = (plugin[`${P}jsmodule`] ?? '').split(/,(.*)/);
  if (!path) return null;
  return { name, path: path.startsWith('/') ? path : `plugin/${plugin[`${P}dirname`]}/${path}` };
}

function toolsOf(pages) {
  const addPage = (page) => {
    if (!NAME.test(page.path)) throw new Error(`A page's path is of a-z, 0-9 and "-", not '${page.path}'`);
    pages.push({ ...page, path: `x-${page.path}` });
  };
  const addDevicePanel = (fn) => devicePanels.push(fn);
  return { ...dom, get, post, url, every, on, follow, chart, history, table, toast, addPage, addDevicePanel };
}

async function load() {
  const pages = [];
  const modules = (await get('plugins/all_plugins.json')).map(moduleOf).filter(Boolean);
  for (const { name, path } of modules) {
    try {
      const address = new URL(url(path));
      if (address.origin !== location.origin) throw new Error('it is not of this server');
      (await import(address.href)).default(toolsOf(pages));
    } catch (e) {
      toast(`The plugin '${name}' cannot be loaded: ${e.message}`, 'bad');
    }
  }
  return pages;
}

// Once a page load; none when the list cannot be read.
let found;
export const loadPlugins = () => (found ??= load().catch(() => []));
