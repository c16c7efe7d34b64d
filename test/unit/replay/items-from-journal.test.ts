import { describe, expect, it } from 'vitest';
import { itemsFromJournal } from '../../../src/replay/items-from-journal.js';
import { sessionKeysOf } from '../../../src/replay/session-keys.js';
import type { JournalQuery, StoredPush } from '../../../src/store/journal.js';

const AT = new Date('2026-07-20T08:00:00Z');

function stored(id: string, more: Partial<StoredPush> = {}): StoredPush {
  const bytes = Buffer.from('{"eventType":"answer","statusInfo":{"sessionId":"s1"}}');
  return {
    id,
    at: AT,
    kind: 'event',
    key: id,
    remote: '',
    path: '',
    headers: { a: 'b' },
    bytes,
    result: 'new',
    ...more,
  };
}

describe('itemsFromJournal', () => {
  it('gives what the journal gives, without duplicates', async () => {
    const asked: (JournalQuery | undefined)[] = [];
    async function* read(query?: JournalQuery): AsyncGenerator<StoredPush> {
      asked.push(query);
      yield await Promise.resolve(stored('seg:1'));
      yield stored('seg:2', { result: 'duplicate', bytes: new Uint8Array() });
      yield stored('seg:3', { result: 'conflict', path: '/fee' });
    }
    const items = [];
    for await (const item of itemsFromJournal({ read }, { kind: 'event' })) items.push(item);
    expect(asked).toEqual([{ kind: 'event', duplicates: false }]);
    expect(items).toEqual([
      { label: 'seg:1', bytes: stored('x').bytes, headers: { a: 'b' }, path: '/', sessionKeys: ['s1'], receivedAt: AT },
      expect.objectContaining({ label: 'seg:3', path: '/fee' }),
    ]);
  });
});

describe('sessionKeysOf', () => {
  it.each([
    ['{"eventType":"answer","statusInfo":{"sessionId":"s1"}}', ['s1']],
    ['{"eventType":"fee","feeLst":[{"sessionId":"s1"},{"sessionId":"s2"},{"sessionId":"s1"},{},null]}', ['s1', 's2']],
    ['{"smsEvent":{"smsIdentifier":"m1"}}', ['m1']],
    ['{"eventType":"numStatus","numInfo":[{"number":"x"}]}', []],
    ['{"statusInfo":{"sessionId":7}}', []],
    ['not JSON', []],
    ['null', []],
    ['', []],
  ])('of %s are %o', (body, keys) => {
    expect(sessionKeysOf(Buffer.from(body))).toEqual(keys);
  });
});
