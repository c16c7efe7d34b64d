import { describe, expect, it } from 'vitest';
import { openFileStore } from '../../src/store/file/open-file-store.js';
import { openWorld, type World } from '../helpers/world.js';

interface Fee {
  readonly icid: string;
  readonly bindNum: string;
  readonly callInTime?: string;
  readonly userData?: string;
}

const X = '+8617000000001';
const OTHER_X = '+8617000000002';

/** A world whose journal holds pushes of these CDRs, by their arrival. */
async function worldWith(pushes: readonly (readonly [arrivedAt: string, ...fees: Fee[]])[]): Promise<World> {
  const world = await openWorld();
  await world.write('.config/privacy-call/config.json', JSON.stringify({ profiles: { shop: { mode: 'axb' } } }));
  const folder = world.path('.local/share/privacy-call/shop');
  for (const [index, [arrivedAt, ...fees]] of pushes.entries()) {
    const at = new Date(arrivedAt);
    const store = await openFileStore({ folder, now: () => at, pid: 100 + index, hostname: 'test-host' });
    const feeLst = fees.map((fee) => ({ ...fee, sessionId: fee.icid, ulFailReason: 0 }));
    const text = JSON.stringify({ eventType: 'fee', feeLst });
    const bytes = Buffer.from(text.replace('GBK', '\u00b6\u00a9'), text.includes('GBK') ? 'latin1' : 'utf8');
    const source = { key: `push-${index}`, remote: '192.0.2.1', path: '/fee', headers: {} };
    await store.journal.append({ at, kind: 'fee', ...source, bytes });
    await store.close();
  }
  return world;
}

async function list(world: World, ...flags: readonly string[]) {
  const { code, stdout } = await world.cli('-p', 'shop', 'cdr', 'list', ...flags, '--json');
  const { items, warnings } = JSON.parse(stdout) as { items: { sessionId: string }[]; warnings: string[] };
  return { code, warnings, sessions: items.map(({ sessionId }) => sessionId) };
}

describe('what is chosen from the journal', () => {
  const wanted = { icid: 'wanted', bindNum: X, callInTime: '2026-11-20 08:00:00' };
  const other = { icid: 'other', bindNum: OTHER_X, callInTime: '2026-11-20 08:00:00' };
  const early = { icid: 'early', bindNum: X, callInTime: '2026-11-19 08:00:00' };

  it('is what the flags want, a call that came twice once', async () => {
    const world = await worldWith([
      ['2026-11-20T08:10:00Z', wanted, other],
      ['2026-11-20T08:20:00Z', early, wanted, other],
    ]);
    expect(await list(world)).toEqual({ code: 0, warnings: [], sessions: ['wanted', 'other', 'early'] });
    const flags = ['-x', X, '--since', '2026-11-20', '--until', '2026-11-20'];
    expect(await list(world, ...flags)).toEqual({ code: 0, warnings: [], sessions: ['wanted'] });
  });

  it('may be nothing, of a journal that is not empty', async () => {
    const world = await worldWith([['2026-11-20T08:10:00Z', wanted, other]]);
    expect(await list(world, '-x', '+8617000000003')).toEqual({ code: 0, warnings: [], sessions: [] });
  });

  it('counts a call without times by its first arrival, whatever comes later', async () => {
    const timeless = { icid: 'timeless', bindNum: X };
    const world = await worldWith([
      ['2026-11-20T08:10:00Z', timeless],
      ['2026-11-20T10:00:00Z', timeless, { ...wanted, callInTime: '2026-11-20 09:55:00' }],
    ]);
    expect((await list(world, '--since', '2026-11-20 16:00')).sessions).toEqual(['timeless', 'wanted']);
    // 09:00 UTC: between the two.
    expect((await list(world, '--since', '2026-11-20 17:00')).sessions).toEqual(['wanted']);
  });

  it.each(['auto', 'full'])('tells of pushes that are no UTF-8, once, whoever reads: %s', async (reader) => {
    const garbled = (icid: string): Fee => ({ ...wanted, icid, userData: 'GBK' });
    const world = await worldWith([
      ['2026-11-20T08:10:00Z', wanted],
      ['2026-11-20T08:20:00Z', garbled('a')],
      ['2026-11-20T08:30:00Z', garbled('b')],
    ]);
    expect(await list(world, '--reader', reader)).toEqual({
      code: 0,
      warnings: [
        expect.stringMatching(
          /^2 pushes of the journal with bytes that are no UTF-8; as text they are U\+FFFD; the first is .*101-/,
        ),
      ],
      sessions: ['wanted', 'a', 'b'],
    });
  });
});
