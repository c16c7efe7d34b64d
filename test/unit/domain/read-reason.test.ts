import { describe, expect, it } from 'vitest';
import { describeReason } from '../../../src/domain/read-reason.js';

describe('describeReason', () => {
  it.each([
    ['damaged or cut short', '已损坏或被截断'],
    ['larger than 40 characters', '超过 40 个字符'],
    ['2 entries of the list are no objects', '列表中有 2 项不是对象'],
    [
      'the last line was cut off, never acknowledged; what there is of it (1 byte) is set aside in host-1-2.ndjson.torn',
      '最后一行被截断，从未应答；剩余的 1 个字节已移到 host-1-2.ndjson.torn',
    ],
    ['something of another origin', 'something of another origin'],
    ['toString', 'toString'],
  ])('%s', (en, zh) => {
    expect(describeReason(en)).toEqual({ zh, en });
  });
});
