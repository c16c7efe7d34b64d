import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReadItem } from '../../../src/notifications/read-item.js';
import { readNotifications } from '../../../src/notifications/read-notifications.js';
import { feeOf, feePush, pieces, readAll } from './notification-text.js';

const ids = (items: readonly ReadItem[]): unknown[] =>
  items.map(({ record }) => ('icid' in record ? record.icid : record.kind));
const lines = (...values: unknown[]): string => values.map((value) => JSON.stringify(value)).join('\n');

describe('readNotifications', () => {
  it('gives file and line of each record', async () => {
    const { items } = await readAll(`\n${lines(feePush('i1'), feePush('i2'))}`);
    expect(items.map(({ file, line }) => ({ file, line }))).toEqual([
      { file: 'input', line: 2 },
      { file: 'input', line: 3 },
    ]);
  });

  it('gives all others when one line in the middle is damaged, and one problem', async () => {
    const all = Array.from({ length: 9 }, (_none, index) => JSON.stringify(feePush(`i${index}`)));
    await fc.assert(
      fc.asyncProperty(fc.nat(8), fc.double({ min: 0.01, max: 0.99, noNaN: true }), async (index, share) => {
        const damaged = all.map((line, at) => (at === index ? line.slice(0, Math.ceil(line.length * share)) : line));
        const { items, problems } = await readAll(damaged.join('\n'));
        expect(ids(items)).toEqual(all.map((_line, at) => `i${at}`).filter((_id, at) => at !== index));
        expect(problems.map(({ line }) => line)).toEqual([index + 1]);
      }),
    );
  });

  it('goes on behind a damaged value of so many lines that a call could not take them as arguments', async () => {
    const damaged = `{\n${'  "k": "v",\n'.repeat(200_000)}  oops oops }\n`;
    const { items, problems } = await readAll(`${damaged}${lines(feePush('i1'))}`);
    expect(ids(items)).toEqual(['i1']);
    expect(problems[0]).toMatchObject({ line: 1 });
  });

  it('says what is no notification and goes on', async () => {
    const { items, problems } = await readAll(
      lines({ resultcode: '0' }, feePush('i1'), { eventType: 'fee', feeLst: [feeOf('i2'), 'x'] }),
    );
    expect(ids(items)).toEqual(['i1', 'i2']);
    expect(problems).toEqual([
      { file: 'input', line: 1, reason: 'not a notification' },
      { file: 'input', line: 3, reason: '1 entries of the list are no objects' },
    ]);
  });

  it('reads the journal: bodies, text, base64; a repeat is passed over', async () => {
    const body = feePush('i1');
    const event = { eventType: 'answer', statusInfo: { sessionId: 's' } };
    const numbers = { eventType: 'numStatus', numInfo: [{ number: '+8613800000022', status: '5' }] };
    const at = '2026-11-22T08:00:00.123Z';
    const { items, problems } = await readAll(
      lines(
        { v: 1, seq: 1, at, kind: 'fee', key: 'fee:i1', body, sha: '00', crc: '00000000' },
        { v: 1, seq: 2, at, kind: 'dup', key: 'fee:i1' },
        { v: 1, seq: 3, at, kind: 'event', text: JSON.stringify(event, null, 1) },
        { v: 1, seq: 4, at, kind: 'number-status', b64: Buffer.from(JSON.stringify(numbers)).toString('base64') },
        { v: 1, seq: 5, at, kind: 'unknown', b64: '/w==' },
        { v: 1, seq: 6, at, kind: 'unknown', body: { hello: 1 } },
      ),
    );
    expect(items.map(({ record, line, receivedAt }) => [record.kind, line, receivedAt?.toISOString()])).toEqual([
      ['CallRecord', 1, at],
      ['CallEvent', 3, at],
      ['NumberStatus', 4, at],
    ]);
    expect(items[2]!.record).toMatchObject({ at: new Date(at), status: { code: '5' } });
    expect(problems.map(({ line, reason }) => [line, reason])).toEqual([
      [5, 'a push whose body is no JSON'],
      [6, 'not a notification'],
    ]);
  });

  it('counts a record once that comes twice, in whatever order its fields stand; other content is kept', async () => {
    const fee = feeOf('i1');
    const turned = Object.fromEntries(Object.entries(fee).reverse());
    const text = lines(feePush('i1'), [turned], feePush('i1', { userData: 'other' }), feePush('i2'));
    expect(ids((await readAll(text)).items)).toEqual(['i1', 'i1', 'i2']);
    expect(ids((await readAll(text, { dedupe: false })).items)).toEqual(['i1', 'i1', 'i1', 'i2']);
  });

  it('counts across files, and thousands of them', async () => {
    const text = lines(...Array.from({ length: 3000 }, (_none, index) => feePush(`i${index}`)));
    const input = { name: 'input', open: () => pieces(Buffer.from(text)) };
    let count = 0;
    for await (const item of readNotifications([input, input])) count += item.record.kind === 'CallRecord' ? 1 : 0;
    expect(count).toBe(3000);
  });

  it('keeps states that come back, and those without time', async () => {
    const state = (status: string): unknown => ({
      eventType: 'numStatus',
      numInfo: [{ number: '+8613800000022', status }],
    });
    expect((await readAll(lines(state('5'), state('10'), state('5')))).items).toHaveLength(3);
  });

  it('reads gzip, several members in a row too', async () => {
    const packed = Buffer.concat([gzipSync(lines(feePush('i1')) + '\n'), gzipSync(lines(feePush('i2')))]);
    expect(ids((await readAll(packed, { pieceBytes: 1 })).items)).toEqual(['i1', 'i2']);
  });

  it('gives what a truncated gzip file holds, and says so', async () => {
    const text = lines(
      ...Array.from({ length: 5000 }, (_none, index) => feePush(`i${index}`, { userData: String(Math.sin(index)) })),
    );
    const packed = gzipSync(text);
    const { items, problems } = await readAll(packed.subarray(0, packed.length - 1000));
    expect(items.length).toBeGreaterThan(4000);
    expect(ids(items)).toEqual(items.map((_item, index) => `i${index}`));
    expect(problems).toEqual([{ file: 'input', line: items.length + 1, reason: 'the gzip file is cut short' }]);
  });

  it('gives what stands before the damage of a gzip file, and says so', async () => {
    const text = lines(
      ...Array.from({ length: 5000 }, (_none, index) => feePush(`i${index}`, { userData: String(Math.sin(index)) })),
    );
    const packed = gzipSync(text);
    packed.fill(0xff, packed.length - 2000, packed.length - 1000);
    const { items, problems } = await readAll(packed);
    expect(items.length).toBeGreaterThan(1000);
    // Of what zlib makes of damaged bytes before it notices, some lines are told by themselves.
    expect(problems.filter(({ reason }) => reason.includes('gzip'))).toEqual([problems.at(-1)]);
    expect(problems.at(-1)).toMatchObject({ reason: 'the gzip file is damaged' });
  });

  it('never fails on bytes of any kind', async () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.concat([Buffer.from([0x1f, 0x8b]), bytes])),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (bytes) => {
        const { items } = await readAll(bytes);
        expect(items).toEqual([]);
      }),
    );
  });

  it('reads the same CDRs in every shape in which people keep them', async () => {
    const fee = fc.record({
      direction: fc.constantFrom(0, 1, 2, '0', '1'),
      icid: fc.uuid(),
      sessionId: fc.string({ minLength: 1 }),
      callerNum: fc.constant('+8613800000001'),
      fwdAnswerTime: fc.constantFrom('', null, '2026-11-22 00:00:05', '2026-11-22  00:00:05.250'),
      callEndTime: fc.constantFrom('2026-11-22 00:01:05', null),
      ulFailReason: fc.oneof(fc.nat(9000), fc.nat(9000).map(String)),
      userData: fc.string(),
      later: fc.jsonValue({ maxDepth: 2 }),
    });
    const shapes: Readonly<Record<string, (fees: readonly unknown[]) => string | Uint8Array>> = {
      push: (fees) => JSON.stringify({ eventType: 'fee', feeLst: fees }),
      pretty: (fees) => JSON.stringify({ eventType: 'fee', feeLst: fees }, null, 4),
      bare: (fees) => JSON.stringify({ feeLst: fees }),
      list: (fees) => JSON.stringify(fees),
      ndjson: (fees) => fees.map((one) => JSON.stringify(one)).join('\r\n'),
      pushes: (fees) =>
        JSON.stringify(
          fees.map((one) => ({ eventType: 'fee', feeLst: [one] })),
          null,
          1,
        ),
      gzip: (fees) => gzipSync(fees.map((one) => JSON.stringify(one)).join('\n')),
      marked: (fees) => `\uFEFF${JSON.stringify({ eventType: 'fee', feeLst: fees })}`,
      http: (fees) =>
        `POST /fee HTTP/1.1\r\ncontent-type: application/json\r\n\r\n${JSON.stringify({ eventType: 'fee', feeLst: fees })}\r\n\r\n###\r\n`,
      journal: (fees) =>
        JSON.stringify({
          v: 1,
          seq: 1,
          at: '2026-11-22T00:00:00Z',
          kind: 'fee',
          body: { eventType: 'fee', feeLst: fees },
        }),
    };
    await fc.assert(
      fc.asyncProperty(fc.array(fee, { minLength: 1, maxLength: 5 }), async (generated) => {
        const fees = JSON.parse(JSON.stringify(generated)) as unknown[];
        const expected = (await readAll(JSON.stringify({ eventType: 'fee', feeLst: fees }))).items.map(
          ({ record }) => record,
        );
        expect(expected.map(({ raw }) => raw)).toEqual(fees);
        for (const [name, shape] of Object.entries(shapes)) {
          const { items, problems } = await readAll(shape(fees));
          expect(
            items.map(({ record }) => record),
            name,
          ).toEqual(expected);
          expect(problems, name).toEqual([]);
        }
      }),
    );
  });
});
