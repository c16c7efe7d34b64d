import { describe, expect, it } from 'vitest';
import { importNumbers } from '../../../src/numbers/import-numbers.js';
import { MemoryLog, NOW, X, X2 } from '../bindings/memory-books.js';
import type { InventoryEntry } from '../../../src/store/store.js';

const EARLIER = new Date('2026-07-01T00:00:00Z');

describe('importNumbers', () => {
  it('adds, changes and leaves alone, in one write', async () => {
    const inventory = new MemoryLog<InventoryEntry>();
    await inventory.append([
      { key: X, at: EARLIER, mode: 'axb', city: '深圳', origins: ['bind', 'import'], extra: { 备注: '甲' } },
      { key: X2, at: EARLIER, city: '北京', origins: ['cdr'] },
    ]);
    const rows = [
      { number: X, city: '深圳', extra: { 备注: '甲' } },
      { number: X2, status: '正常', extra: {} },
      { number: '+8617000000103', sms: false, extra: {} },
    ];
    expect(await importNumbers(inventory, rows, NOW)).toEqual({ added: 1, changed: 1, unchanged: 1 });
    expect(inventory.writes).toBe(2);
    expect(await inventory.get(X)).toMatchObject({ at: EARLIER });
    expect(await inventory.get(X2)).toEqual({
      key: X2,
      at: NOW,
      city: '北京',
      status: '正常',
      origins: ['cdr', 'import'],
    });
    expect(await inventory.get('+8617000000103')).toMatchObject({ sms: false, origins: ['import'] });
    expect(await importNumbers(inventory, rows, NOW)).toEqual({ added: 0, changed: 0, unchanged: 3 });
    expect(inventory.writes).toBe(2);
  });

  it('adds further columns to those known', async () => {
    const inventory = new MemoryLog<InventoryEntry>();
    await inventory.append([{ key: X, at: EARLIER, origins: ['import'], extra: { one: '1', two: '2' } }]);
    await importNumbers(inventory, [{ number: X, extra: { two: '3' } }], NOW);
    expect((await inventory.get(X))?.extra).toEqual({ one: '1', two: '3' });
  });
});
