import { describe, expect, it } from 'vitest';
import { KnownBindings } from '../../../../src/bindings/bulk/known-bindings.js';
import { hashText } from '../../../../src/bindings/bulk/text-hash.js';
import { heldBytes } from '../../../helpers/held-bytes.js';
import { binding, NOW } from '../memory-books.js';

const MANY = 50_000;
const user = (n: number): string => `+86138${String(n).padStart(8, '0')}`;
const other = (n: number): string => `+86139${String(n).padStart(8, '0')}`;
const privacyNumber = (n: number): string => `+86170${String(n % 250).padStart(8, '0')}`;

function entryOf(n: number) {
  const subscriptionId = `0ab1c2d3-0000-4000-8000-${String(n).padStart(12, '0')}`;
  const numbers = { a: user(n), b: other(n), x: privacyNumber(n) };
  return { at: new Date(NOW.getTime() + n), binding: binding({ subscriptionId, ...numbers }) };
}

describe('KnownBindings', () => {
  it('finds bindings by each of their keys, and holds one in 300 bytes', () => {
    const before = heldBytes();
    const known = new KnownBindings('axb', { mayHave: (key) => !key.startsWith('i ') });
    for (let n = 0; n < MANY; n += 1) known.add(entryOf(n));
    const bytes = (heldBytes() - before) / MANY;
    for (let n = 0; n < MANY; n += 777) {
      const { at, binding: one } = entryOf(n);
      const { mode, subscriptionId, a, b, x, y, extension } = one;
      const found = [{ at, binding: { mode, subscriptionId, a, b, x, y, extension } }];
      expect(known.with(`u ${privacyNumber(n)} ${user(n)}`)).toEqual(found);
      expect(known.with(`u ${privacyNumber(n)} ${other(n)}`)).toEqual(found);
      expect(known.with(`a ${user(n)}`)).toEqual(found);
      expect(known.with(`i ${subscriptionId}`)).toEqual([]);
      expect(known.with(`u ${privacyNumber(n + 1)} ${user(n)}`)).toEqual([]);
    }
    expect(bytes).toBeLessThan(300);
  });

  it('gives the bindings of one key in the order in which they came', () => {
    const known = new KnownBindings('axb', undefined);
    for (let n = 0; n < 5000; n += 1) {
      const entry = entryOf(n);
      known.add({ ...entry, binding: { ...entry.binding, a: user(n % 2) } });
    }
    const found = known.with(`a ${user(1)}`);
    expect(found).toHaveLength(2500);
    expect(found.map(({ at }) => at.getTime() - NOW.getTime())).toEqual(found.map((_, n) => n * 2 + 1));
  });

  it('tells keys of one hash apart', () => {
    // Found by trying: the lower 32 bits of their hashes are equal.
    const [one, two] = ['+8613800099470', '+8613800104951'];
    expect(hashText(`a ${one}`)[0]).toBe(hashText(`a ${two}`)[0]);
    const known = new KnownBindings('ax', undefined);
    known.add({ at: NOW, binding: binding({ mode: 'ax', subscriptionId: 'id-1', a: one, b: undefined, x: '+861' }) });
    expect(known.with(`a ${one}`)).toHaveLength(1);
    expect(known.with(`a ${two}`)).toEqual([]);
  });
});
