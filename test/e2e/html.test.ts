import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeWorld } from '../helpers/bin.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--hide-scrollbars',
];
/** A probe that a copy of the page carries: the page itself has no script, and its policy forbids any. */
const PROBE = `<script>addEventListener('load', () => {
  const charts = [...document.querySelectorAll('svg')].map((svg) => svg.getBoundingClientRect());
  document.title = JSON.stringify({
    wide: document.documentElement.scrollWidth - innerWidth,
    charts: charts.filter(({ width, height }) => width > 40 && height > 10).length,
    all: charts.length,
    script: matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light',
  });
});</script>`;

function findBrowser(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

const browser = findBrowser();

/** Width and height of a PNG. */
function sizeOf(png: Buffer): readonly [number, number] {
  expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

async function browse(url: string, flags: readonly string[]): Promise<string> {
  const profile = await mkdtemp(join(tmpdir(), 'privacy-call-browser-'));
  onTestFinished(() => rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  const child = spawn(browser ?? '', [...FLAGS, `--user-data-dir=${profile}`, ...flags, url], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH, HOME: profile },
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code).toBe(0);
  return text;
}

const time = (minutes: number): string =>
  new Date(Date.UTC(2026, 10, 1) + minutes * 60_000).toISOString().slice(0, 19).replace('T', ' ');

const FEES = Array.from({ length: 300 }, (_, index) => ({
  sessionId: `session-${index}`,
  icid: `icid-${index}`,
  bindNum: `+86170000000${String(index % 20).padStart(2, '0')}`,
  serviceType: '004',
  callInTime: time(index * 97),
  fwdAlertingTime: time(index * 97),
  ...(index % 3 === 0 ? { ulFailReason: 8101 } : { fwdAnswerTime: time(index * 97), ulFailReason: 0 }),
  callEndTime: time(index * 97 + 1 + (index % 7)),
}));

describe('the page of cdr stats', () => {
  it.skipIf(browser === undefined)(
    `opens in a browser, wide and narrow, light and dark${browser === undefined ? ' (skipped: no chromium, chromium-browser or google-chrome)' : ''}`,
    { timeout: 180_000 },
    async () => {
      const world = await makeWorld();
      const calls = join(world.folder, 'calls.json');
      const page = join(world.folder, 'calls.html');
      await writeFile(calls, JSON.stringify({ eventType: 'fee', feeLst: FEES }));
      const made = await world.run(['cdr', 'stats', calls, '--by', 'x', '--html', page]);
      expect(made).toMatchObject({ code: 0, stderr: `wrote ${page}\n` });

      const shot = join(world.folder, 'calls.png');
      for (const [width, height] of [
        [1200, 1400],
        [420, 1400],
      ] as const) {
        await browse(pathToFileURL(page).href, [`--window-size=${width},${height}`, `--screenshot=${shot}`]);
        const png = await readFile(shot);
        expect(sizeOf(png)).toEqual([width, height]);
        // An empty page of this size is some kilobytes.
        expect(png.length).toBeGreaterThan(20_000);
      }

      const html = await readFile(page, 'utf8');
      const probed = join(world.folder, 'probed.html');
      await writeFile(probed, html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, PROBE));
      for (const [width, scheme] of [
        [1200, 'light'],
        [420, 'dark'],
      ] as const) {
        const dom = await browse(pathToFileURL(probed).href, [
          `--window-size=${width},1400`,
          `--blink-settings=preferredColorScheme=${scheme === 'dark' ? 0 : 1}`,
          '--dump-dom',
        ]);
        const told = /<title>(\{.*?\})<\/title>/.exec(dom)?.[1]?.replaceAll('&quot;', '"') ?? '{}';
        // 20 bars, the days, the week: all have a size, and nothing makes the page wider than the window.
        expect(JSON.parse(told)).toEqual({ wide: 0, charts: 22, all: 22, script: scheme });
      }

      await writeFile(probed, html.replace('</head>', `${PROBE}</head>`));
      const guarded = await browse(pathToFileURL(probed).href, ['--dump-dom']);
      expect(guarded).toContain('<title>PrivateNumber calls</title>');
    },
  );
});
