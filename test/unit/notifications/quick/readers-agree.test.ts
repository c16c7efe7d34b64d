import { describe, expect, it } from 'vitest';
import { batchesOf } from '../../../../src/domain/batched.js';
import { callFacts, type CallFacts } from '../../../../src/notifications/call-facts.js';
import { CallRows } from '../../../../src/notifications/quick/call-rows.js';
import { wholeItemsOf } from '../../../../src/notifications/quick/found-part.js';
import { RowHash } from '../../../../src/notifications/quick/row-hash.js';
import type { ScannedCall } from '../../../../src/notifications/quick/scanned-call.js';
import {
  dropRepeated,
  findRecords,
  type Reader,
  wholeItems,
} from '../../../../src/notifications/read-notifications.js';
import { feeOf, feePush, pieces } from '../notification-text.js';
import { amount } from '../../../helpers/nightly.js';
import { makeLines, seeded } from './odd-lines.js';

const seed = Number(process.env.PRIVACY_CALL_TEST_SEED ?? Math.floor(Math.random() * 1e9));
/** Lines compared in all; millions where it is asked for. */
const LINES = amount('PRIVACY_CALL_TEST_LINES', 20_000, 1_000_000);
const LINES_AT_ONCE = 300;

const rowHash = new RowHash();

interface Reading {
  /** Each record, or what was wrong, with file and line. */
  readonly all: readonly string[];
  readonly once: readonly string[];
  readonly scanned: number;
}

function plain(facts: CallFacts): CallFacts {
  const { atMs, ringSeconds, talkSeconds, billedMinutes, outcome, cause, mode, x, areaCode } = facts;
  return { atMs, ringSeconds, talkSeconds, billedMinutes, outcome, cause, mode, x, areaCode };
}

/** What stands of a scanned call beside its facts must be what the whole record says. */
function checkScanned(call: ScannedCall): void {
  const { record } = call.toItem();
  if (record.kind !== 'CallRecord') throw new Error(`a ${record.kind} was taken for a call`);
  expect(plain(call)).toEqual(plain(callFacts(record)));
  const { direction, caller, callee, sessionId } = record;
  expect([call.direction, call.caller, call.callee, call.sessionId]).toEqual([direction, caller, callee, sessionId]);
  expect(call.recorded).toBe(record.recording !== undefined);
  expect(call.hasKey).toBe(sessionId !== undefined || record.icid !== undefined);
  rowHash.add(record.raw);
  expect([call.high, call.low]).toEqual([rowHash.high, rowHash.low]);
}

async function read(content: Buffer, reader: Reader, pieceBytes: number): Promise<Reading> {
  const all: string[] = [];
  let scanned = 0;
  const open = () =>
    findRecords([{ name: 'input', open: () => pieces(content, pieceBytes) }], {
      reader,
      onProblem: (problem) => all.push(JSON.stringify(problem)),
    });
  for await (const batch of batchesOf(open())) {
    for (const one of batch) {
      if (one instanceof CallRows) {
        scanned += one.count;
        for (const call of one.calls()) checkScanned(call);
      }
      for (const item of wholeItemsOf([one])) all.push(JSON.stringify(item));
    }
  }
  const once: string[] = [];
  for await (const item of wholeItems(dropRepeated(open(), reader))) once.push(JSON.stringify(item));
  // Problems of a batch are told before its records: in what order is not promised.
  return { all: all.sort(), once: once.sort(), scanned };
}

describe('the quick reader and the full one', () => {
  it(`give the same for every line (seed ${seed})`, { timeout: 3_600_000 }, async () => {
    const draw = seeded(seed);
    let scanned = 0;
    let records = 0;
    for (let lines = 0; lines < LINES; lines += LINES_AT_ONCE) {
      const content = makeLines(draw, LINES_AT_ONCE, 4 + draw(30));
      const full = await read(content, 'full', 65_536);
      const quick = await read(content, 'quick', 1 + draw(70_000));
      if (quick.all.join('\n') !== full.all.join('\n') || quick.once.join('\n') !== full.once.join('\n')) {
        expect(quick).toEqual({ ...full, scanned: quick.scanned });
      }
      scanned += quick.scanned;
      records += full.all.length;
    }
    console.log(`readers agree: seed ${seed}, ${LINES} lines, ${records} records and problems, ${scanned} scanned`);
    // A scanner that hands everything on would agree too.
    expect(scanned).toBeGreaterThan(records / 8);
  });

  it('give the same for lines longer than the scanner can hold, and for what follows them', async () => {
    const fees = Array.from({ length: 30_000 }, (_, index) => feeOf(`long-${index}`, { userData: '订单' }));
    const short = JSON.stringify(feePush('short'));
    const long = JSON.stringify({ eventType: 'fee', feeLst: fees });
    expect(long.length).toBeGreaterThan(7_000_000);
    const content = Buffer.from(`${short}\n${long}\n${short}\n{"cut":\n${short}`);
    const full = await read(content, 'full', 1_000_000);
    const quick = await read(content, 'quick', 1_000_000);
    expect(quick.all).toEqual(full.all);
    expect(quick.once).toEqual(full.once);
    expect(quick.all.length).toBeGreaterThanOrEqual(30_003);
    expect(quick.scanned).toBe(2);
  });

  it('tell of the same lines that are no UTF-8, once for an input, long lines too', async () => {
    const [a, b] = [JSON.stringify(feePush('a')), JSON.stringify(feePush('b'))];
    const gbk = Buffer.from(b.replace('"b"', '"b","userData":"\u00b6\u00a9\u00b5\u00a5"'), 'latin1');
    const fees = Array.from({ length: 30_000 }, (_, index) => feeOf(`long-${index}`, { userData: '\u00b6\u00a9' }));
    const long = Buffer.from(JSON.stringify({ eventType: 'fee', feeLst: fees }), 'latin1');
    const line = Buffer.from('\n');
    const content = Buffer.concat([
      Buffer.from(`${a}\n中\ufffd\n[\n`),
      gbk,
      line,
      long,
      line,
      Buffer.from(`]\n${a}\n`),
      gbk,
    ]);
    const full = await read(content, 'full', 1_000_000);
    const quick = await read(content, 'quick', 1_000_000);
    expect(quick.all).toEqual(full.all);
    // It is read twice, with repeated records and without.
    expect([...new Set(quick.all.filter((one) => one.includes('UTF-8')))]).toEqual([
      expect.stringMatching(/^\{"file":"input","line":4,"reason":"bytes that are no UTF-8 \(3 lines of the file\);/),
    ]);
  });

  it('leave a push to the parser that is a part of something larger', async () => {
    const line = JSON.stringify(feePush('one'));
    const content = Buffer.from(`[\n${line},\n${line}\n]\n${line}\n`);
    const quick = await read(content, 'quick', 1_000_000);
    expect(quick.scanned).toBe(1);
    expect(quick.all).toEqual((await read(content, 'full', 1_000_000)).all);
  });
});
