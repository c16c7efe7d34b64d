import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Json, makeWorld, type World } from '../helpers/bin.js';
import { post, seededRandom } from '../helpers/receiver-process.js';

/** Several processes of one user at once. */

const SEED = Number(process.env.E2E_SEED ?? Math.floor(Math.random() * 1e9));
const sorted = (texts: readonly string[]): string[] => [...texts].sort();

async function sandboxIds(world: World): Promise<string[]> {
  const text = await readFile(join(world.home, '.local/state/privacy-call/sandbox/state.json'), 'utf8');
  return (JSON.parse(text) as { axb: { id: string }[] }).axb.map(({ id }) => id);
}

const numberOf = (n: number): string => `+8613800000${String(n).padStart(3, '0')}`;

describe('several processes on one home', () => {
  it('20 binds, four processes at a time: sandbox, ledger and answers agree', { timeout: 180_000 }, async () => {
    const world = await makeWorld();
    const told: string[] = [];
    const worker = async (first: number): Promise<void> => {
      for (let n = first; n < first + 5; n += 1) {
        const pair = ['-a', numberOf(2 * n + 1), '-b', numberOf(2 * n + 2)];
        const { item } = await world.json(['-p', 'sandbox', 'bind', '--mode', 'axb', ...pair, '--json']);
        told.push(item.subscriptionId as string);
      }
    };
    await Promise.all([0, 5, 10, 15].map(worker));
    expect(new Set(told).size).toBe(20);
    expect(sorted(await sandboxIds(world))).toEqual(sorted(told));
    const { items, warnings } = await world.json(['-p', 'sandbox', 'bindings', 'list', '--json']);
    expect(sorted((items as Json[]).map(({ subscriptionId }) => subscriptionId as string))).toEqual(sorted(told));
    expect(warnings).toEqual([]);
    const asked = (items as Json[]).map(({ a }) => a as string);
    expect(sorted(asked)).toEqual(Array.from({ length: 20 }, (_, n) => numberOf(2 * n + 1)));
  });

  it('the same pair bound by four processes at once is bound once', async () => {
    const world = await makeWorld();
    const pair = ['-a', numberOf(1), '-b', numberOf(2), '-x', '+8617000000201'];
    const bind = ['-p', 'sandbox', 'bind', '--mode', 'axb', ...pair, '--json'];
    const ended = await Promise.all([bind, bind, bind, bind].map((argv) => world.run(argv)));
    expect(ended.map(({ code }) => code).sort()).toEqual([0, 6, 6, 6]);
    expect(await sandboxIds(world)).toHaveLength(1);
    expect((await world.json(['-p', 'sandbox', 'bindings', 'list', '--json'])).count).toBe(1);
  });

  it(
    `two listeners on one data folder: what either acknowledged is there, each once (seed ${SEED})`,
    { timeout: 120_000 },
    async () => {
      const world = await makeWorld();
      const listen = ['-p', 'sandbox', 'listen', '--port', '0'];
      const receivers = await Promise.all([world.serve(listen), world.serve(listen)]);
      const ports = receivers.map(({ url }) => Number(new URL(url).port));
      const random = seededRandom(SEED);
      const choices = Array.from({ length: 300 }, () => random());
      const sessions: string[] = [];
      const send = async (n: number): Promise<void> => {
        const body = JSON.stringify({
          eventType: 'fee',
          feeLst: [{ icid: `record-${n}`, sessionId: `session-${n}`, callInTime: '2026-11-22 08:00:00' }],
        });
        const choice = choices[n]!;
        // Some come to both, as when the platform tries again at another address.
        const targets = choice < 0.45 ? [ports[0]!] : choice < 0.9 ? [ports[1]!] : ports;
        for (const port of targets) expect(await post(port, body)).toBe(200);
        sessions.push(`session-${n}`);
      };
      const workers = Array.from({ length: 8 }, async (_, worker) => {
        for (let n = worker; n < choices.length; n += 8) await send(n);
      });
      await Promise.all(workers);
      for (const receiver of receivers) expect((await receiver.stop()).code).toBe(0);
      const { items, warnings } = await world.json(['-p', 'sandbox', 'cdr', 'list', '--json']);
      const found = (items as Json[]).map(({ sessionId }) => sessionId as string);
      console.log(`two listeners, seed ${SEED}: ${sessions.length} acknowledged, ${found.length} listed`);
      expect(warnings).toEqual([]);
      expect(sorted(found)).toEqual(sorted(sessions));
    },
  );
});
