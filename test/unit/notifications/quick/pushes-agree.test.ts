import { describe, expect, it } from 'vitest';
import { Batched, batchesOf } from '../../../../src/domain/batched.js';
import { identifyPush } from '../../../../src/notifications/identify-push.js';
import { parsePush } from '../../../../src/notifications/parse-push.js';
import { CallRows } from '../../../../src/notifications/quick/call-rows.js';
import { wholeItemsOf } from '../../../../src/notifications/quick/found-part.js';
import type { KeptPush } from '../../../../src/notifications/quick/push-batch.js';
import type { ReadItem } from '../../../../src/notifications/read-item.js';
import { dropRepeated, type Reader, wholeItems } from '../../../../src/notifications/read-notifications.js';
import { readPushes } from '../../../../src/notifications/read-pushes.js';
import { amount } from '../../../helpers/nightly.js';
import { feeOf, feePush } from '../notification-text.js';
import { makeLines, seeded } from './odd-lines.js';

const seed = Number(process.env.PRIVACY_CALL_TEST_SEED ?? Math.floor(Math.random() * 1e9));
const ROUNDS = amount('PUSH_ROUNDS', 40, 2000);
const START = Date.UTC(2026, 10, 22);

interface Reading {
  readonly all: readonly string[];
  readonly once: readonly string[];
  /** Pushes of which something could not be read. */
  readonly bad: readonly string[];
  readonly scanned: number;
}

function pushOf(bytes: Uint8Array, index: number): KeptPush {
  const at = new Date(START + index * 1000);
  return { id: `push-${index}`, at, kind: identifyPush(bytes, at).kind, bytes };
}

async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  for (const value of values) yield await Promise.resolve(value);
}

async function read(pushes: readonly KeptPush[], reader: Reader): Promise<Reading> {
  const bad = new Set<string>();
  const parse = ({ id, at, bytes }: KeptPush): readonly ReadItem[] => {
    let value: unknown;
    try {
      value = JSON.parse(Buffer.from(bytes).toString());
    } catch {
      bad.add(id);
    }
    const parsed = parsePush(value, at);
    if (parsed === undefined || parsed.badEntries > 0) bad.add(id);
    return (parsed?.records ?? []).map((record) => ({ record, file: id, line: 1, receivedAt: at }));
  };
  const found = () => new Batched(readPushes(each(pushes), { reader, parse }));
  const all: string[] = [];
  let scanned = 0;
  for await (const batch of batchesOf(found())) {
    for (const part of batch) if (part instanceof CallRows) scanned += part.count;
    for (const item of wholeItemsOf(batch)) all.push(JSON.stringify(item));
  }
  const once: string[] = [];
  for await (const item of wholeItems(dropRepeated(found(), reader))) once.push(JSON.stringify(item));
  return { all, once, bad: [...bad].sort(), scanned };
}

describe('pushes read by the scanner and by the full parser', () => {
  it(`are the same records in the same order (seed ${seed})`, { timeout: 1_800_000 }, async () => {
    const draw = seeded(seed);
    let [records, scanned] = [0, 0];
    for (let round = 0; round < ROUNDS; round += 1) {
      const lines = makeLines(draw, 150, 4 + draw(40))
        .toString('latin1')
        .split('\n');
      // Some bodies have a line end within, as pushes have that are printed for people.
      const bodies = lines.map((line) => Buffer.from(draw(20) === 0 ? line.replace('{', '{\n') : line, 'latin1'));
      const pushes = bodies.map(pushOf);
      const full = await read(pushes, 'full');
      const quick = await read(pushes, 'quick');
      expect(quick, `round ${round}`).toEqual({ ...full, scanned: quick.scanned });
      records += full.all.length;
      scanned += quick.scanned;
    }
    console.log(`pushes agree: seed ${seed}, ${records} records, ${scanned} scanned`);
    // A scanner that hands everything on would agree too.
    expect(scanned).toBeGreaterThan(records / 8);
  });

  it('are the same of bodies larger than what is scanned at once, and of more pushes than are read at once', async () => {
    const fees = Array.from({ length: 9000 }, (_, index) => feeOf(`large-${index}`, { userData: '订单' }));
    const large = { eventType: 'fee', feeLst: fees };
    const bodies = [...Array.from({ length: 5000 }, (_, index) => feePush(`small-${index}`)), large, feePush('last')];
    const pushes = bodies.map((body, index) => pushOf(Buffer.from(JSON.stringify(body)), index));
    expect(pushes[5000]?.bytes.length).toBeGreaterThan(2_000_000);
    const [full, quick] = [await read(pushes, 'full'), await read(pushes, 'quick')];
    expect(quick).toEqual({ ...full, scanned: quick.scanned });
    expect([full.all.length, quick.scanned]).toEqual([14_001, 5001]);
  });

  it('takes the instant of arrival for a call without times', async () => {
    const timeless = { eventType: 'fee', feeLst: [{ icid: 'one', sessionId: 'one', bindNum: '+8617000000001' }] };
    const pushes = [feePush('before'), timeless, feePush('after')].map((body, index) =>
      pushOf(Buffer.from(JSON.stringify(body)), index),
    );
    const [full, quick] = [await read(pushes, 'full'), await read(pushes, 'quick')];
    expect(quick).toEqual({ ...full, scanned: 2 });
  });
});
