// node bench.mjs URL USER PASSWORD: how long a person waits for devices, measured in the browser.
// Prints `first MS next MS`, medians. Exit 77: cannot run.
import { launch } from './browser.mjs';

const ROUNDS = 7;
const [url, user, password] = process.argv.slice(2);
const browser = await launch();
const page = await (await browser.newContext({ viewport: { width: 1360, height: 860 } })).newPage();
const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
const first = [],
  next = [];

// Milliseconds since navigation at which the first row was painted.
await page.addInitScript(() => {
  const look = () =>
    requestAnimationFrame(() => {
      if (document.querySelector('td.name a')) window.firstRow = performance.now();
      else look();
    });
  look();
});
await page.goto(url);
await page.fill('[name=user]', user);
await page.fill('[name=password]', password);
await page.click('button[type=submit]');
await page.waitForSelector('td.name a');
for (let i = 0; i < ROUNDS; i++) {
  await page.reload();
  await page.waitForFunction(() => window.firstRow);
  first.push(await page.evaluate(() => window.firstRow));
}
for (let i = 0; i < ROUNDS; i++)
  next.push(
    await page.evaluate(
      () =>
        new Promise((resolve) => {
          const old = document.querySelector('td.name a').href,
            begin = performance.now();
          const look = () =>
            requestAnimationFrame(() => {
              const a = document.querySelector('td.name a');
              if (a && a.href !== old) resolve(performance.now() - begin);
              else look();
            });
          document.querySelector('.dt-paging-button.next').click();
          look();
        }),
    ),
  );
await browser.close();
console.log(`first ${median(first).toFixed(0)} next ${median(next).toFixed(0)}`);
