import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeWorld } from '../helpers/bin.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

/** What costs much to load is loaded where it is needed only. */

/** Writes the names of the files that a process loaded, one a line, into the file that LOADED names. */
const SPY = `process.on('exit', () => {
  require('node:fs').writeFileSync(process.env.LOADED, Object.keys(require.cache).join('\\n'));
});`;

const FEE = '{"eventType":"fee","feeLst":[{"sessionId":"s-1","callInTime":"2026-11-22 00:00:00","ulFailReason":0}]}\n';

async function loadedBy(argv: readonly string[]): Promise<readonly string[]> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'spy.cjs'), SPY);
  await writeFile(join(folder, 'calls.ndjson'), FEE);
  await writeFile(join(folder, 'many.ndjson'), FEE.repeat(300));
  const loaded = join(folder, 'loaded');
  const world = await makeWorld();
  const env = { LOADED: loaded, NODE_OPTIONS: `--require "${join(folder, 'spy.cjs')}"` };
  expect(await world.run(argv, { env, cwd: folder })).toMatchObject({ code: 0 });
  return (await readFile(loaded, 'utf8')).split('\n');
}

describe('the width of characters', () => {
  it.each([
    ['cdr', 'stats', 'calls.ndjson', '--by', 'cause', '-o', 'csv'],
    ['cdr', 'list', 'calls.ndjson', '-o', 'ndjson'],
    ['inspect', 'calls.ndjson'],
    ['timeline', 's-1', 'calls.ndjson'],
    ['-p', 'sandbox', 'numbers', 'list'],
  ])('is not looked into without a terminal: %s %s %s', async (...argv) => {
    const loaded = await loadedBy(argv);
    expect(loaded.some((name) => name.includes('bundle'))).toBe(true);
    expect(loaded.filter((name) => name.includes('string-width'))).toEqual([]);
  });
});

describe('the scanner', () => {
  it('is not loaded for a file of one call', async () => {
    const loaded = await loadedBy(['inspect', 'calls.ndjson']);
    expect(loaded.filter((name) => /scan|seen-records/.test(name))).toEqual([]);
  });

  it('is loaded for a large one', async () => {
    const loaded = await loadedBy(['inspect', 'many.ndjson']);
    expect(loaded.filter((name) => /scan|seen-records/.test(name))).not.toEqual([]);
  });
});
