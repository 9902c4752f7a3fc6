// Repeats that belong to a page: they end with it, wait for the one before, and rest while the tab is hidden.
export function every(ms, fn, signal) {
  let timer;
  const run = async () => {
    if (signal.aborted) return;
    if (!document.hidden)
      try {
        await fn();
      } catch (e) {
        if (!signal.aborted && !(e.status >= 0)) console.warn(e);
      }
    if (!signal.aborted) timer = setTimeout(run, ms);
  };
  signal.addEventListener('abort', () => clearTimeout(timer));
  return run();
}
