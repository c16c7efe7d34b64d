import { appendFile, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { numberItems } from '../../../src/replay/number-items.js';
import type { ReplayItem } from '../../../src/replay/replay-item.js';
import type { ReplayVerdict } from '../../../src/replay/replay-verdict.js';
import { RunFolder } from '../../../src/replay/run-folder.js';
import type { RunHead } from '../../../src/replay/run-lines.js';
import { RunLog } from '../../../src/replay/run-log.js';
import { failureOf } from '../bindings/memory-books.js';
import { temporaryFolder } from '../../helpers/temporary-folder.js';
import { pushItem } from './items.js';

function head(run: string): RunHead {
  return { v: 1, run, at: '2026-11-22T00:00:00.000Z', to: 'http://h/', cwd: '/', files: [], zone: 'UTC', flags: {} };
}

function verdict(ok: boolean): ReplayVerdict {
  return ok
    ? { kind: 'ReplayVerdict', label: 'f', ok, status: 200 }
    : { kind: 'ReplayVerdict', label: 'f', ok, reason: 'HTTP 500' };
}

const ITEMS: readonly ReplayItem[] = ['a', 'b', 'c', 'd'].map((label, index) =>
  pushItem(label, {
    number: index + 1,
    bytes: Buffer.from([0xff, index]),
    headers: { 'x-aksk': 'h' },
    path: '/p',
    sessionKeys: ['s'],
    receivedAt: new Date(1_000_000 + index),
  }),
);

async function gather<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function* stream(items: readonly ReplayItem[]): AsyncGenerator<ReplayItem> {
  for (const { number: _, ...item } of items) yield await Promise.resolve(item);
}

describe('a kept run', () => {
  it('knows its failures byte for byte, for its owner alone', async () => {
    const folder = join(await temporaryFolder(), 'replays');
    const runs = new RunFolder(folder);
    const log = await RunLog.create(runs.pathOf('r1'), head('r1'));
    for (const [index, item] of ITEMS.entries()) void log.note(item, verdict(index % 2 === 0));
    await log.close({ end: true, sent: 4, failed: 2, latencyMs: { max: 3 } });
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(runs.pathOf('r1'))).mode & 0o777).toBe(0o600);
    const kept = await runs.read('last');
    expect(kept).toMatchObject({ sent: 4, failed: 2, head: head('r1') });
    const failures = await gather(runs.failures(kept));
    expect(failures).toEqual([ITEMS[1], ITEMS[3]].map((item) => ({ ...item, number: undefined })));
    expect(await runs.list()).toEqual([
      {
        kind: 'ReplayRun',
        run: 'r1',
        startedAt: new Date('2026-11-22T00:00:00Z'),
        to: 'http://h/',
        files: [],
        state: 'ended',
        sent: 4,
        failed: 2,
        latencyMs: { max: 3 },
        of: undefined,
      },
    ]);
  });

  it('goes on behind what was settled, also after a cut line, and not with other pushes', async () => {
    const runs = new RunFolder(await temporaryFolder());
    const path = runs.pathOf('r1');
    const log = await RunLog.create(path, head('r1'));
    for (const item of [ITEMS[0]!, ITEMS[2]!]) void log.note(item, verdict(true));
    await log.close();
    const whole = await readFile(path, 'utf8');
    await writeFile(path, whole.slice(0, -5));
    const cut = await runs.read('r1');
    expect(cut).toMatchObject({ sent: 1, end: undefined });
    expect((await gather(numberItems(stream(ITEMS), cut.settled))).map(({ label, number }) => [label, number])).toEqual(
      [
        ['b', 2],
        ['c', 3],
        ['d', 4],
      ],
    );
    const again = await RunLog.reopen(path);
    for (const item of ITEMS.slice(1)) void again.note(item, verdict(false));
    await again.close();
    expect(await runs.read('r1')).toMatchObject({ sent: 4, failed: 3 });
    const other = stream([pushItem('z'), ...ITEMS.slice(1)]);
    const failure = await failureOf(gather(numberItems(other, cut.settled)));
    expect(failure).toMatchObject({ code: 'input-invalid', message: expect.stringContaining('z is not') as string });
  });

  it('is missing with a hint, and bad names are refused', async () => {
    const runs = new RunFolder(join(await temporaryFolder(), 'none'));
    expect(await runs.list()).toEqual([]);
    for (const name of ['last', 'r9']) expect((await failureOf(runs.read(name))).code).toBe('input-unreadable');
    expect((await failureOf(runs.read('../r1'))).code).toBe('flag-invalid');
  });

  it('goes when fifty later ones are there; foreign files are left out of the list', async () => {
    const folder = await temporaryFolder();
    const runs = new RunFolder(folder);
    for (let index = 10; index < 62; index += 1)
      await writeFile(runs.pathOf(`r${index}`), `${JSON.stringify(head(`r${index}`))}\n`);
    await runs.prune();
    const names = await readdir(folder);
    expect(names).toHaveLength(50);
    expect(names).not.toContain('r11.ndjson');
    await appendFile(join(folder, 'zz.ndjson'), 'no run\n');
    expect((await runs.list()).at(-1)).toMatchObject({ run: 'r61', state: 'open' });
  });

  it('ends with the failure of the disk', async () => {
    const path = '/dev/full';
    const log = await RunLog.reopen(path);
    void log.note(ITEMS[0]!, verdict(true));
    expect((await failureOf(log.close())).code).toBe('disk-full');
  });
});
