import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { FEE_FIELDS } from '../../../src/domain/fee-fields.js';
import { readFeeFields } from '../../../src/domain/read-fee-field.js';

function read(raw: Record<string, unknown>) {
  return readFeeFields(raw);
}

describe('readFeeFields', () => {
  it('reads times as UTC, codes in words, and keeps the order and the raw value', () => {
    const fields = read({
      direction: 1,
      fwdAnswerTime: '2019-01-23 09:15:36',
      ulFailReason: 8014,
      fwdUnaswRsn: '17',
      serviceType: '004',
      recordFlag: 1,
      callDuration: 65,
    });
    expect(fields.map(({ field, value }) => [field, value])).toEqual([
      ['direction', 1],
      ['fwdAnswerTime', '2019-01-23 09:15:36'],
      ['ulFailReason', 8014],
      ['fwdUnaswRsn', '17'],
      ['serviceType', '004'],
      ['recordFlag', 1],
      ['callDuration', 65],
    ]);
    expect(fields.map(({ reads, at }) => reads?.en ?? at?.toISOString())).toEqual([
      'A called the other party',
      '2019-01-23T09:15:36.000Z',
      'invalid AXB call',
      'user busy',
      'AXB or X',
      'recorded',
      '1m05s',
    ]);
    expect(fields[2]).toMatchObject({ meaning: { zh: '拆线点' }, reads: { zh: '无效的AXB模式呼叫' } });
  });

  it('keeps fields that are not documented, empty ones and codes that no table has', () => {
    expect(read({ newField: { deep: true }, fwdAlertingTime: '', ulFailReason: 99999, constructor: 1 })).toEqual([
      { field: 'newField', value: { deep: true } },
      {
        field: 'fwdAlertingTime',
        value: '',
        meaning: { zh: '被叫振铃时间；未振铃为空', en: 'the callee began to ring; empty = did not ring' },
        at: undefined,
        reads: { zh: '空', en: 'empty' },
      },
      {
        field: 'ulFailReason',
        value: 99999,
        meaning: { zh: '拆线点', en: 'release point: where the call ended' },
        at: undefined,
        reads: undefined,
      },
      { field: 'constructor', value: 1 },
    ]);
  });

  it('takes a number beyond all bounds for none', () => {
    const raw = JSON.parse('{"callDuration":1e999,"ulFailReason":-1e999,"userData":1e999}') as Record<string, unknown>;
    expect(read(raw).map(({ reads }) => reads)).toEqual([undefined, undefined, undefined]);
    expect(read({ callDuration: '1e999' })[0]?.reads).toBeUndefined();
  });

  it('knows every field of the documented CDRs', () => {
    const known = new Set(FEE_FIELDS.map(({ name }) => name));
    for (const file of ['axb-cdr.json', 'ax-cdr.json']) {
      const text = readFileSync(new URL(`../../fixtures/platform/${file}`, import.meta.url), 'utf8');
      const { feeLst } = JSON.parse(text) as { feeLst: Record<string, unknown>[] };
      expect(Object.keys(feeLst[0]!).filter((name) => !known.has(name))).toEqual([]);
    }
    expect(known.size).toBe(FEE_FIELDS.length);
  });
});
