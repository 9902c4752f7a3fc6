// Web plugins: modules that plugins.json beside index.html lists; see doc/web-plugins.md.
import * as dom from './lib/dom.js';
import { get, post, url } from './lib/api.js';
import { every } from './lib/live.js';
import { chart, history } from './lib/chart.js';
import { table } from './lib/table.js';
import { toast } from './lib/toast.js';

const NAME = /^[a-z0-9-]+$/;
let found;
export const devicePanels = [];

async function load() {
  const pages = [];
  for (const { name, module } of await get('plugins.json')) {
    const norn = {
      ...dom,
      get,
      post,
      url,
      every,
      chart,
      history,
      table,
      toast,
      addPage: (page) => {
        if (!NAME.test(page.path))
          throw new Error(`A page's path is of a-z, 0-9 and "-", not '${page.path}'`);
        pages.push({ ...page, path: `x-${page.path}` });
      },
      addDevicePanel: (fn) => devicePanels.push(fn),
    };
    try {
      const address = new URL(url(module));
      if (address.origin !== location.origin) throw new Error('it is not of this server');
      (await import(address.href)).default(norn);
    } catch (e) {
      toast(`The plugin '${name}' cannot be loaded: ${e.message}`, 'bad');
    }
  }
  return pages;
}

// Once a page load; none when the list cannot be read.
export const loadPlugins = () => (found ??= load().catch(() => []));
