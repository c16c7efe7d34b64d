import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { itemsFromFiles } from '../../../src/replay/items-from-files.js';
import { encodeJournalLine, preparePush } from '../../../src/store/file/journal-line.js';
import type { AppendResult } from '../../../src/store/journal.js';
import { type ChooseBody, chooseBody } from '../../../src/replay/choose-body.js';
import type { ReplayItem } from '../../../src/replay/replay-item.js';

const AT = new Date('2026-07-20T08:00:00.123Z');
const EVENT = '{"eventType":"answer","statusInfo":{"sessionId":"s1"}}';
const FEE_1 = '{"icid":"i1","sessionId":"s1"}';
const FEE_2 = '{"icid":"i2","sessionId":"s2"}';
const SMS = '{"appKey":"k","smsEvent":{"smsIdentifier":"m1"}}';

function journalLine(body: string | Uint8Array, sequence: number, result: AppendResult = 'new'): Buffer {
  const push = {
    at: AT,
    kind: 'event',
    key: `k${sequence}`,
    remote: '127.0.0.1',
    path: '/status?x=1',
    headers: { 'x-aksk': 'UsernameToken Username="k"' },
    bytes: Buffer.from(body),
  } as const;
  return encodeJournalLine(preparePush(push), sequence, result);
}

async function read(
  content: string | Uint8Array,
  chunkSize = 7,
  wants?: ChooseBody,
): Promise<{ items: ReplayItem[]; problems: [number, string][] }> {
  const bytes = Buffer.from(content);
  async function* open(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += chunkSize)
      yield await Promise.resolve(bytes.subarray(at, at + chunkSize));
  }
  const items: ReplayItem[] = [];
  const problems: [number, string][] = [];
  const source = itemsFromFiles([{ name: 'f', open }], {
    onProblem: ({ line, reason }) => problems.push([line, reason]),
    wants,
  });
  for await (const item of source) items.push(item);
  return { items, problems };
}

function bodies(items: readonly ReplayItem[]): string[] {
  return items.map((item) => Buffer.from(item.bytes).toString());
}

describe('itemsFromFiles', () => {
  it('sends a file of one body byte for byte', async () => {
    const body = '{ "eventType" : "fee",\r\n "feeLst":[{"sessionId":"s1","big":12345678901234567890}] }\r\n';
    expect((await read(body)).items).toEqual([
      {
        label: 'f',
        bytes: Buffer.from(body),
        headers: { 'content-type': 'application/json;charset=UTF-8' },
        path: '/',
        sessionKeys: ['s1'],
      },
    ]);
    expect(bodies((await read(`\uFEFF${EVENT}`)).items)).toEqual([EVENT]);
  });

  it('gives the lines of a journal with the bodies, headers and instants they came with', async () => {
    const pretty = '{\n  "eventType": "callin", "statusInfo": {"sessionId": "s2"}\n}';
    const bytes = Buffer.from([0xff, 0x00, 0x7b]);
    const segment = [
      journalLine(EVENT, 1),
      journalLine(EVENT, 2, 'duplicate'),
      journalLine(pretty, 3),
      journalLine(bytes, 4),
    ];
    const { items, problems } = await read(Buffer.concat(segment));
    expect(problems).toEqual([]);
    expect(items).toEqual([
      {
        label: 'f:1',
        bytes: Buffer.from(EVENT),
        headers: { 'x-aksk': 'UsernameToken Username="k"' },
        path: '/status?x=1',
        sessionKeys: ['s1'],
        receivedAt: AT,
      },
      expect.objectContaining({ label: 'f:3', bytes: Buffer.from(pretty), sessionKeys: ['s2'] }),
      expect.objectContaining({ label: 'f:4', bytes, sessionKeys: [] }),
    ]);
  });

  it('reports a damaged line of a journal and goes on', async () => {
    const damaged = Buffer.from(journalLine(EVENT, 2).toString().replace('answer', 'ANSWER'));
    const { items, problems } = await read(Buffer.concat([journalLine(EVENT, 1), damaged, journalLine(SMS, 3)]));
    expect(items.map((item) => item.label)).toEqual(['f:1', 'f:3']);
    expect(problems).toEqual([[2, expect.any(String)]]);
  });

  it.each([
    ['NDJSON', `${EVENT}\n${SMS}\n`, ['f:1', 'f:2'], [EVENT, SMS]],
    ['an array', `[\n${EVENT},\n${SMS}]`, ['f:2', 'f:3'], [EVENT, SMS]],
    ['a bare list of fees', `[${FEE_1},${FEE_2}]`, ['f:1'], [`{"eventType":"fee","feeLst":[${FEE_1},${FEE_2}]}`]],
    ['one fee', FEE_1, ['f:1'], [`{"eventType":"fee","feeLst":[${FEE_1}]}`]],
    [
      'fees between pushes',
      `${FEE_1}\n${SMS}\n${FEE_2}`,
      ['f:1', 'f:2', 'f:3'],
      [`{"eventType":"fee","feeLst":[${FEE_1}]}`, SMS, `{"eventType":"fee","feeLst":[${FEE_2}]}`],
    ],
    [
      'bodies with blanks',
      `{ "smsEvent": {"smsIdentifier": "m1"} }\n${SMS}`,
      ['f:1', 'f:2'],
      ['{ "smsEvent": {"smsIdentifier": "m1"} }', SMS],
    ],
    [
      'long numbers, repeated fields and Chinese',
      `[{"eventType":"answer", "statusInfo":{"n":12345678901234567890,"n":1.50,"t":"隐私 \\ud800"}}\r\n,\n${SMS}]`,
      ['f:1', 'f:3'],
      ['{"eventType":"answer", "statusInfo":{"n":12345678901234567890,"n":1.50,"t":"隐私 \\ud800"}}', SMS],
    ],
    [
      'fees with long numbers',
      `[{"sessionId":"s1", "n":12345678901234567890},\n{"sessionId":"s2"}]`,
      ['f:1'],
      ['{"eventType":"fee","feeLst":[{"sessionId":"s1", "n":12345678901234567890},{"sessionId":"s2"}]}'],
    ],
    [
      'a body with long numbers that jq took out of a journal',
      `{"seq":1,"v":1,"body":{"eventType":"x","n": 12345678901234567890},"sha":"a"}\n{"v":1,"seq":2,"body":${SMS}}`,
      ['f:1', 'f:2'],
      ['{"eventType":"x","n": 12345678901234567890}', SMS],
    ],
    ['a line that jq took out of a journal', `{"seq":1,"v":1,"body":${EVENT}}\n`, ['f:1'], [EVENT]],
  ])('reads %s', async (_, content, labels, expected) => {
    const { items, problems } = await read(content);
    expect(problems).toEqual([]);
    expect(items.map((item) => item.label)).toEqual(labels);
    expect(bodies(items)).toEqual(expected);
  });

  it('puts at most 50 fees into one push', async () => {
    const { items } = await read(`[${Array.from({ length: 51 }, () => FEE_1).join(',')}]`);
    expect(items.map((item) => (JSON.parse(bodies([item])[0]!) as { feeLst: unknown[] }).feeLst.length)).toEqual([
      50, 1,
    ]);
    expect(items[0]?.sessionKeys).toEqual(['s1']);
  });

  it('unpacks gzip', async () => {
    expect(bodies((await read(gzipSync(EVENT))).items)).toEqual([EVENT]);
    expect((await read(gzipSync(Buffer.concat([journalLine(EVENT, 1), journalLine(SMS, 2)])))).items).toHaveLength(2);
    const { problems } = await read(gzipSync(EVENT).subarray(0, -9));
    expect(problems).toEqual([[0, 'the gzip file is cut short']]);
    const segment = gzipSync(Buffer.concat([journalLine(EVENT, 1), journalLine(SMS, 2)])).subarray(0, -20);
    expect((await read(segment)).problems).toEqual([[2, 'the gzip file is cut short']]);
    const whole = gzipSync(`${EVENT}\n`).subarray(0, -8);
    expect(await read(whole)).toMatchObject({ items: [{}], problems: [[0, 'the gzip file is cut short']] });
  });

  it('reports what is no notification and goes on', async () => {
    const { items, problems } = await read(`{"a":1}\n${SMS}\n`);
    expect(bodies(items)).toEqual([SMS]);
    expect(problems).toEqual([[1, 'not a notification']]);
  });

  it('keeps bytes that are no UTF-8, and makes UTF-8 of UTF-16', async () => {
    const latin = Buffer.from(`${SMS}\n{"eventType":"x","t":"\u00e9\u00ff"}\n`, 'latin1');
    const { items } = await read(latin);
    expect(Buffer.from(items[1]!.bytes).toString('latin1')).toBe('{"eventType":"x","t":"\u00e9\u00ff"}');
    const wide = Buffer.from(`\uFEFF${SMS}\n{"eventType":"x","t":"隐私"}\n`, 'utf16le');
    expect(bodies((await read(wide)).items)).toEqual([SMS, '{"eventType":"x","t":"隐私"}']);
  });

  it('leaves out what is not wanted, a push of several CDRs only when none of them is', async () => {
    const fee = (session: string): string => `{"sessionId":"${session}","callInTime":"2026-07-20 08:00:00"}`;
    const both = `{"eventType":"fee","feeLst":[${fee('s1')},${fee('s2')}]}`;
    const only = (session: string): ChooseBody => chooseBody({ session });
    expect(bodies((await read(both, 7, only('s2'))).items)).toEqual([both]);
    expect(bodies((await read(both, 7, only('s3'))).items)).toEqual([]);
    expect(bodies((await read(`[${fee('s1')},${fee('s2')}]`, 7, only('s2'))).items)).toEqual([
      `{"eventType":"fee","feeLst":[${fee('s2')}]}`,
    ]);
    expect(bodies((await read(`${SMS}\n${both}`, 7, chooseBody({}, 'sms'))).items)).toEqual([SMS]);
    const segment = Buffer.concat([journalLine(EVENT, 1), journalLine('no JSON', 2), journalLine(both, 3)]);
    expect(bodies((await read(segment, 7, only('s1'))).items)).toEqual([EVENT, both]);
    expect(bodies((await read(segment)).items)).toEqual([EVENT, 'no JSON', both]);
  });

  it('reads a file larger than one body can be', async () => {
    const line = JSON.stringify({ eventType: 'answer', statusInfo: { sessionId: 's1', pad: 'x'.repeat(1000) } });
    const { items, problems } = await read(`${line}\n`.repeat(1500), 65_536);
    expect(items).toHaveLength(1500);
    expect(problems).toEqual([]);
  });

  it('reads a journal alike however it is cut into chunks', async () => {
    const segment = Buffer.concat([journalLine(EVENT, 1), journalLine(SMS, 2), journalLine('x\ny', 3)]);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: segment.length }), async (chunkSize) => {
        expect(bodies((await read(segment, chunkSize)).items)).toEqual([EVENT, SMS, 'x\ny']);
      }),
      { numRuns: 50 },
    );
  });
});
