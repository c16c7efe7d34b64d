import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openFileStore } from '../../src/store/file/open-file-store.js';
import { RECORD_READERS } from '../helpers/record-readers.js';
import { openWorld, type World } from '../helpers/world.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface Push {
  /** Start of its call; its number is the ID of the call. */
  readonly startedAt: number;
  readonly arrivedAt: number;
  readonly icid?: string;
}

const ms = (text: string): number => Date.parse(`${text.replace(' ', 'T')}Z`);
const wireTime = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');
const call = (startedAt: string, arrivedAt: string): Push => ({ startedAt: ms(startedAt), arrivedAt: ms(arrivedAt) });

/** A world whose journal holds these pushes, each in the folder of the day on which it arrived. */
async function worldWith(pushes: readonly Push[], profile = 'shop'): Promise<World & { readonly journal: string }> {
  const world = await openWorld();
  await world.write('.config/privacy-call/config.json', JSON.stringify({ profiles: { shop: { mode: 'axb' } } }));
  const folder = world.path(`.local/share/privacy-call/${profile}`);
  let pid = 100;
  const byArrival = [...pushes].sort((one, other) => one.arrivedAt - other.arrivedAt);
  for (const { startedAt, arrivedAt, icid = `icid-${startedAt}` } of byArrival) {
    const at = new Date(arrivedAt);
    const store = await openFileStore({ folder, now: () => at, pid: (pid += 1), hostname: 'test-host' });
    const fee = { icid, sessionId: icid, bindNum: '+8617000000001', callInTime: wireTime(startedAt), ulFailReason: 0 };
    const bytes = Buffer.from(JSON.stringify({ eventType: 'fee', feeLst: [fee] }));
    await store.journal.append({ at, kind: 'fee', key: icid, remote: '192.0.2.1', path: '/fee', headers: {}, bytes });
    await store.close();
  }
  return { ...world, journal: join(folder, 'journal') };
}

/** Whoever opens the day fails from now on. */
async function spoil(journal: string, day: string): Promise<void> {
  await rm(join(journal, day), { recursive: true, force: true });
  await writeFile(join(journal, day), 'no folder');
}

const OLD = call('2026-11-01 08:00:00', '2026-11-01 08:02:00');
const NEW = call('2026-11-20 08:00:00', '2026-11-20 08:02:00');

const READERS = [...RECORD_READERS, ['replay', '--to', 'http://127.0.0.1:9', '--dry-run']];

describe('days of the journal that end before --since', () => {
  it.each(READERS.map((argv) => ({ argv })))('are not opened by $argv', async ({ argv }) => {
    const world = await worldWith([OLD, NEW]);
    await spoil(world.journal, '2026-11-01');
    const shop = ['-p', 'shop', ...argv, '-o', 'json'];
    const { code, stderr } = await world.cli(...shop, '--since', '2026-11-20');
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('ENOTDIR')]);
    expect((await world.cli(...shop)).code).toBe(14);
  });

  it('are opened with a sandbox, whose clock is moved at will', async () => {
    const list = ['cdr', 'list', '--since', '2026-11-20', '--json'];
    const embedded = await worldWith([OLD, NEW], 'sandbox');
    await spoil(embedded.journal, '2026-11-01');
    expect((await embedded.cli('-p', 'sandbox', ...list)).code).toBe(14);
    const served = await worldWith([OLD, NEW]);
    await spoil(served.journal, '2026-11-01');
    const env = { PRIVACY_CALL_ENDPOINT: 'http://127.0.0.1:18080' };
    expect((await served.run(['-p', 'shop', ...list], { env })).code).toBe(14);
  });

  it('hold a day more where clocks do not agree, and may be compressed', async () => {
    const behind = call('2026-11-20 00:30:00', '2026-11-19 01:00:00');
    const world = await worldWith([OLD, behind, NEW]);
    for (const day of ['2026-11-19', '2026-11-20']) {
      const [segment = ''] = await readdir(join(world.journal, day));
      const file = join(world.journal, day, segment);
      await writeFile(`${file}.gz`, gzipSync(await readFile(file)));
      await rm(file);
    }
    await spoil(world.journal, '2026-11-18');
    const list = await world.cli('-p', 'shop', 'cdr', 'list', '--tz', 'UTC', '--since', '2026-11-20', '--json');
    expect(list).toMatchObject({ code: 0, json: { count: 2, warnings: [] } });
  });

  it('do not make the journal an empty one', async () => {
    const quiet = await worldWith([OLD]);
    const since = ['-p', 'shop', 'cdr', 'list', '--since', '2026-11-20', '--json'];
    expect((await quiet.cli(...since)).json).toMatchObject({ count: 0, warnings: [] });
    const empty = await worldWith([]);
    expect((await empty.cli(...since)).json).toMatchObject({
      warnings: ['the journal is empty: give files, or receive pushes with "listen"'],
    });
  });
});

describe('--since and --until', () => {
  it('find a call that arrived weeks later, by a replay', async () => {
    const late = call('2026-11-02 08:00:00', '2026-11-20 09:00:00');
    const world = await worldWith([OLD, late, NEW]);
    const list = ['-p', 'shop', 'cdr', 'list', '--since', '2026-11-02', '--until', '2026-11-02', '--json'];
    expect((await world.cli(...list)).json).toMatchObject({ count: 1 });
  });

  it(
    'give the same calls as looking through all days, for clocks less than a day apart',
    { timeout: 60_000 },
    async () => {
      const start = ms('2026-11-01 00:00:00');
      const instant = fc.integer({ min: 0, max: 20 * 24 * 60 }).map((minute) => start + minute * 60_000);
      const lagMs = fc.integer({ min: -23 * 60, max: 12 * 24 * 60 }).map((minute) => minute * 60_000);
      const pushes = fc.array(fc.record({ startedAt: instant, lagMs, againMs: fc.option(lagMs, { nil: undefined }) }), {
        maxLength: 8,
      });
      await fc.assert(
        fc.asyncProperty(pushes, instant, fc.integer({ min: 1, max: 5 }), async (found, since, days) => {
          const journal = found.flatMap(({ startedAt, lagMs: lag, againMs }, n) => {
            const icid = `icid-${n}`;
            const first = { startedAt, arrivedAt: startedAt + lag, icid };
            return againMs === undefined
              ? [first]
              : [first, { ...first, arrivedAt: first.arrivedAt + Math.abs(againMs) }];
          });
          const until = since + days * DAY_MS;
          const world = await worldWith(journal);
          const times = ['--since', new Date(since).toISOString(), '--until', new Date(until).toISOString()];
          const { stdout } = await world.cli(
            '-p',
            'shop',
            'cdr',
            'list',
            ...times,
            '--query',
            'items[].icid',
            '--json',
          );
          const expected = found.flatMap(({ startedAt }, n) =>
            startedAt >= since && startedAt < until ? [`icid-${n}`] : [],
          );
          expect((JSON.parse(stdout) as string[]).sort()).toEqual(expected.sort());
        }),
        { numRuns: 20 },
      );
    },
  );
});
