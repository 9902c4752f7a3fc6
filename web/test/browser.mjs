// Debian's Chromium, without its own requests. Exit 77 where it or playwright-core is absent: the test cannot run.
import { existsSync } from 'node:fs';

const CHROMIUM = '/usr/bin/chromium';

export async function launch(...more) {
  if (!existsSync(CHROMIUM)) process.exit(77);
  const { chromium } = await import('playwright-core').catch(() => process.exit(77));
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...more,
    ],
  });
}
