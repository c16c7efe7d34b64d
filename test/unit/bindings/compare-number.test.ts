import { describe, expect, it } from 'vitest';
import { compareNumber } from '../../../src/bindings/compare-number.js';
import type { Binding } from '../../../src/domain/binding.js';
import type { LedgerEntry } from '../../../src/store/ledger-entry.js';
import { A, B, binding, line, NOW, X } from './memory-books.js';

const one = binding({ subscriptionId: 'one', a: A, b: B, x: X });
const EARLIER = new Date(NOW.getTime() - 3_600_000);
const LATER = new Date(NOW.getTime() + 1000);

function compare(found: Binding[], entries: LedgerEntry[]): (readonly [string, string, string | undefined])[] {
  const known = new Map(entries.map((entry) => [entry.key, entry]));
  return compareNumber({ found, known, askedAt: NOW, now: LATER }).map(({ change, entry }) => [
    change,
    `${entry.key} ${entry.state}`,
    entry.note,
  ]);
}

describe('compareNumber', () => {
  it.each<[string, Binding[], LedgerEntry[], [string, string][]]>([
    ['the same', [one], [line(one)], []],
    ['an unknown one', [one], [], [['adopted', 'axb:one active']]],
    ['one that was gone', [one], [line(one, { at: EARLIER, state: 'gone' })], [['adopted', 'axb:one active']]],
    ['one unbound while the question was under way', [one], [line(one, { at: LATER, state: 'gone' })], []],
    ['another B', [{ ...one, b: '+8613800000003' }], [line(one)], [['updated', 'axb:one active']]],
    ['what a query does not tell', [{ ...one, b: undefined }], [line(one)], []],
    ['none', [], [line(one)], [['missing', 'axb:one gone']]],
    ['none, bound while the question was under way', [], [line(one, { at: LATER })], []],
    ['none, expired', [], [line({ ...one, expiresAt: NOW })], [['expired', 'axb:one gone']]],
    ['none, gone already', [], [line(one, { state: 'gone' })], []],
    [
      'an unbind in doubt that stands',
      [one],
      [line(one, { action: 'unbind', state: 'in-doubt' })],
      [['settled', 'axb:one active']],
    ],
    [
      'an unbind in doubt that is gone',
      [],
      [line(one, { action: 'unbind', state: 'in-doubt' })],
      [['settled', 'axb:one gone']],
    ],
  ])('%s', (_, found, entries, expected) => {
    expect(compare(found, entries).map(([change, state]) => [change, state])).toEqual(expected);
  });

  it('claims no reason that it cannot know', () => {
    expect(compare([], [line(one)])[0]?.[2]).toContain('it does not say why: expired, unbound elsewhere or moved');
    expect(compare([], [line({ ...one, expiresAt: null })])[0]?.[2]).toContain('unbound elsewhere, or X was moved');
    expect(compare([], [line({ ...one, expiresAt: LATER })])[0]?.[0]).toBe('missing');
  });

  it('settles a bind in doubt, but not one that may still be on its way', () => {
    const doubt = line(binding({ subscriptionId: '', a: A, b: B, x: X }), {
      key: 'in-doubt:1',
      state: 'in-doubt',
      request: { a: A, b: B, x: X },
    });
    const old = { ...doubt, at: EARLIER };
    expect(compare([], [doubt])).toEqual([]);
    expect(compare([], [old])).toEqual([
      ['settled', 'in-doubt:1 gone', 'settled: the platform has no such binding on X'],
    ]);
    expect(compare([one], [doubt, line(one)])).toEqual([['settled', 'in-doubt:1 gone', 'settled: bound as one']]);
  });

  it('takes the line of A and X in AXYB as there when a Y of it is', () => {
    const first = binding({ subscriptionId: 'two', mode: 'axyb', a: A, x: X });
    const second = { ...first, y: '+8617000000102', b: B };
    expect(compare([second], [line(first), line(second)])).toEqual([]);
    expect(compare([first], [line(first), line(second)]).map(([change]) => change)).toEqual(['missing']);
  });
});
