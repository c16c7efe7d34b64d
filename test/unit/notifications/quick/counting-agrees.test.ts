import { describe, expect, it } from 'vitest';
import { Batched } from '../../../../src/domain/batched.js';
import { aggregateCalls, type CallAggregate } from '../../../../src/notifications/aggregate-calls.js';
import { type CallFacts, callFacts } from '../../../../src/notifications/call-facts.js';
import { buildRecordFilter, type RecordCriteria } from '../../../../src/notifications/filter-records.js';
import { GROUP_KEYS, type GroupKey } from '../../../../src/notifications/group-key.js';
import { CallRows } from '../../../../src/notifications/quick/call-rows.js';
import { type FoundPart, wholeItemsOf } from '../../../../src/notifications/quick/found-part.js';
import { screenCalls } from '../../../../src/notifications/quick/screen-calls.js';
import { dropRepeated, findRecords } from '../../../../src/notifications/read-notifications.js';
import type { ReadItem } from '../../../../src/notifications/read-item.js';
import { amount } from '../../../helpers/nightly.js';
import { feeOf, feePush, pieces } from '../notification-text.js';
import { makeLines, seeded } from './odd-lines.js';

const seed = Number(process.env.PRIVACY_CALL_TEST_SEED ?? Math.floor(Math.random() * 1e9));
const ROUNDS = amount('COUNTING_ROUNDS', 10, 400);

const CRITERIA: readonly RecordCriteria[] = [
  {},
  { x: '0022' },
  { x: '+8613800000051' },
  { since: new Date('2026-04-01T00:00:00Z') },
  { since: new Date('2026-03-01T00:00:00Z'), until: new Date('2026-09-01T00:00:00Z') },
  { failed: true },
  { mode: 'axb', direction: 'a-to-b' },
  { outcome: ['busy', 'no-answer'] },
  { minDurationSeconds: 1, maxDurationSeconds: 10_000_000 },
  { recorded: true },
  { session: 'id-7' },
  { kind: 'Sms' },
];
const ZONES = ['Asia/Shanghai', 'America/New_York', 'UTC', 'Asia/Kathmandu'];

function factsOf(items: Iterable<ReadItem>, criteria: RecordCriteria): readonly CallFacts[] {
  const fits = buildRecordFilter({ ...criteria, kind: criteria.kind ?? 'CallRecord' });
  return [...items].flatMap(({ record, receivedAt }) =>
    record.kind === 'CallRecord' && fits(record, receivedAt) ? [callFacts(record, receivedAt)] : [],
  );
}

interface Question {
  readonly criteria: RecordCriteria;
  readonly by: readonly GroupKey[];
  readonly zone: string;
}

async function wholeRecords(content: Buffer): Promise<readonly ReadItem[]> {
  const items: ReadItem[] = [];
  const input = { name: 'input', open: () => pieces(content, 65_536) };
  const found = dropRepeated(findRecords([input], { reader: 'full' }), 'full');
  for await (const batch of found.batches()) items.push(...wholeItemsOf(batch));
  return items;
}

function countWhole(items: readonly ReadItem[], { criteria, by, zone }: Question): Promise<CallAggregate> {
  return aggregateCalls(factsOf(items, criteria), { by, zone });
}

/** As `cdr stats` counts: rows stay rows to the end. @returns how many of them there were, too. */
async function countRows(
  content: Buffer,
  { criteria, by, zone }: Question,
  pieceBytes: number,
): Promise<{ readonly counted: CallAggregate; readonly rows: number }> {
  let count = 0;
  const { wanted } = screenCalls(criteria);
  const input = { name: 'input', open: () => pieces(content, pieceBytes) };
  // What is not wanted is left out first, so that some of the rows are told from repeats.
  const screened = async function* (): AsyncGenerator<readonly FoundPart[]> {
    for await (const batch of findRecords([input], { reader: 'quick' }).batches()) {
      yield batch.map((part) => (part instanceof CallRows ? wanted(part) : part));
    }
  };
  const parts = async function* (): AsyncGenerator<readonly (CallFacts | CallRows)[]> {
    for await (const batch of dropRepeated(new Batched(screened()), 'quick').batches()) {
      for (const part of batch) {
        if (part instanceof CallRows) count += part.count;
        yield part instanceof CallRows ? [part] : factsOf([part], criteria);
      }
    }
  };
  const counted = await aggregateCalls(new Batched(parts()), { by, zone });
  return { counted, rows: count };
}

describe('counting rows and counting whole records', () => {
  it(`give the same figures, whatever is grouped by and chosen (seed ${seed})`, { timeout: 1_800_000 }, async () => {
    const draw = seeded(seed);
    let [rows, calls] = [0, 0];
    for (let round = 0; round < ROUNDS; round++) {
      const content = makeLines(draw, 150, 4 + draw(40));
      const items = await wholeRecords(content);
      for (const key of GROUP_KEYS) {
        const more = GROUP_KEYS.filter((other) => other !== key && draw(5) === 0);
        const by = draw(3) === 0 ? [key, ...more] : [key];
        const criteria = draw(2) === 0 ? {} : CRITERIA[draw(CRITERIA.length)]!;
        const question = { criteria, by, zone: ZONES[draw(ZONES.length)]! };
        const quick = await countRows(content, question, 1 + draw(70_000));
        expect(quick.counted, `round ${round}, ${JSON.stringify(question)}`).toEqual(await countWhole(items, question));
        rows += quick.rows;
        calls += quick.counted.total.calls;
      }
    }
    // A reader without rows would agree too.
    expect(rows).toBeGreaterThan(calls / 8);
  });

  it('give the same figures of many groups, lengths and endings, and of more calls than are counted at once', async () => {
    const draw = seeded(seed);
    const time = (seconds: number): string =>
      new Date(Date.UTC(2026, 2, 1) + seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
    const fees = Array.from({ length: 20_000 }, (_, index) => {
      const start = draw(20 * 86_400);
      const answered = start + draw(500);
      const calls = { callInTime: time(start), fwdAlertingTime: time(start), callEndTime: time(answered + draw(9000)) };
      const ends = {
        areaCode: String(draw(2000)),
        ulFailReason: draw(5000),
        bindNum: `+861700${String(draw(3000)).padStart(7, '0')}`,
      };
      return feeOf(`call-${index}`, { ...calls, ...ends, ...(draw(3) === 0 ? {} : { fwdAnswerTime: time(answered) }) });
    });
    // A part of the file has more of them than a counter takes at once.
    const content = Buffer.from(
      `${JSON.stringify({ eventType: 'fee', feeLst: fees.slice(0, 9000) })}\n`.concat(
        ...fees.map((fee) => `${JSON.stringify({ eventType: 'fee', feeLst: [fee] })}\n`),
      ),
    );
    const items = await wholeRecords(content);
    expect(items).toHaveLength(20_000);
    for (const by of [
      ['x'],
      ['cause'],
      ['area'],
      ['day', 'x'],
      ['hour', 'weekday', 'cause', 'outcome', 'mode', 'area'],
    ] as const) {
      for (const zone of ['America/New_York', 'Asia/Shanghai']) {
        const question = { criteria: {}, by, zone };
        const { counted, rows } = await countRows(content, question, 5_000_000);
        expect(rows).toBe(20_000);
        expect(counted).toEqual(await countWhole(items, question));
      }
    }
  });

  it('give the same percentiles where lengths are counted in an array', async () => {
    const draw = seeded(seed);
    const time = (seconds: number): string =>
      new Date(Date.UTC(2026, 10, 22) + seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
    const lines: string[] = [];
    for (let index = 0; index < 10_000; index++) {
      const start = draw(80_000);
      const answered = start + draw(60);
      const fields = {
        callInTime: time(start),
        fwdAlertingTime: time(start),
        fwdAnswerTime: time(answered),
        callEndTime: time(answered + draw(draw(20) === 0 ? 9000 : 600)),
      };
      lines.push(JSON.stringify(feePush(`call-${index}`, fields)));
    }
    const content = Buffer.from(`${lines.join('\n')}\n`);
    const question = { criteria: {}, by: ['mode'], zone: 'UTC' } as const;
    const { counted, rows } = await countRows(content, question, 1_000_000);
    expect(rows).toBe(10_000);
    expect(counted).toEqual(await countWhole(await wholeRecords(content), question));
  });
});
