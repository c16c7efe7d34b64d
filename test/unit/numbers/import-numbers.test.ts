import { describe, expect, it } from 'vitest';
import { importNumbers, type ImportPlan, planImport } from '../../../src/numbers/import-numbers.js';
import { MemoryLog, NOW, X, X2 } from '../bindings/memory-books.js';
import type { InventoryEntry } from '../../../src/store/inventory-entry.js';

/** Plans and does it. */
async function importRows(
  inventory: MemoryLog<InventoryEntry>,
  rows: Parameters<typeof planImport>[1],
  forget = false,
): Promise<ImportPlan> {
  const plan = await planImport(inventory, rows, NOW);
  await importNumbers(inventory, plan, { forget, now: NOW });
  return plan;
}

const EARLIER = new Date('2026-07-01T00:00:00Z');

describe('importNumbers', () => {
  it('adds, changes and leaves alone, in one write', async () => {
    const inventory = new MemoryLog<InventoryEntry>();
    await inventory.append([
      {
        key: X,
        at: EARLIER,
        mode: 'axb',
        city: '深圳',
        areaCode: '0755',
        origins: ['bind', 'import'],
        extra: { 备注: '甲' },
      },
      { key: X2, at: EARLIER, city: '北京', origins: ['cdr'] },
    ]);
    const rows = [
      { number: X, city: '深圳', extra: { 备注: '甲' } },
      { number: X2, status: '正常', extra: {} },
      { number: '+8617000000103', sms: false, extra: {} },
    ];
    expect(await importRows(inventory, rows)).toMatchObject({ added: 1, changed: 1, unchanged: 1 });
    expect(inventory.writes).toBe(2);
    expect(await inventory.get(X)).toMatchObject({ at: EARLIER });
    expect(await inventory.get(X2)).toEqual({
      key: X2,
      at: NOW,
      city: '北京',
      areaCode: '010',
      status: '正常',
      statusAt: NOW,
      origins: ['cdr', 'import'],
    });
    expect(await inventory.get('+8617000000103')).toMatchObject({ sms: false, origins: ['import'] });
    expect(await importRows(inventory, rows)).toMatchObject({ added: 0, changed: 0, unchanged: 3 });
    expect(inventory.writes).toBe(2);
  });

  it('adds further columns to those known', async () => {
    const inventory = new MemoryLog<InventoryEntry>();
    await inventory.append([{ key: X, at: EARLIER, origins: ['import'], extra: { one: '1', two: '2' } }]);
    await importRows(inventory, [{ number: X, extra: { two: '3' } }]);
    expect((await inventory.get(X))?.extra).toEqual({ one: '1', two: '3' });
  });

  it('lets a word go that was not understood once the column says one that is', async () => {
    const inventory = new MemoryLog<InventoryEntry>();
    const unread = { number: X, extra: { 业务类型: '语音通知', 备注: '甲' }, hasUnknownMode: true } as const;
    await importRows(inventory, [unread]);
    expect(await inventory.get(X)).toMatchObject({ mode: undefined, extra: { 业务类型: '语音通知', 备注: '甲' } });
    const row = { number: X, mode: 'axb', extra: {}, understood: ['业务类型'] } as const;
    expect((await importRows(inventory, [row])).changed).toBe(1);
    expect(await inventory.get(X)).toMatchObject({ mode: 'axb', extra: { 备注: '甲' } });
    await importRows(inventory, [unread]);
    expect(await inventory.get(X)).toMatchObject({ mode: 'axb', extra: { 业务类型: '语音通知' } });
  });

  it('tells what appeared, changed and vanished, and forgets only when told to', async () => {
    const inventory = new MemoryLog<InventoryEntry>();
    await inventory.append([
      {
        key: X,
        at: EARLIER,
        city: '深圳',
        areaCode: '0755',
        status: '暂停',
        cause: '欠费',
        statusAt: EARLIER,
        origins: ['import'],
      },
      { key: X2, at: EARLIER, origins: ['import'] },
      { key: '+8617000000104', at: EARLIER, origins: ['cdr'] },
    ]);
    const rows = [
      { number: X, city: '北京', status: '正常', extra: {} },
      { number: '+8617000000103', extra: {} },
    ];
    const plan = await importRows(inventory, rows);
    expect(plan.differences).toEqual([
      {
        change: 'changed',
        x: X,
        was: { city: '深圳', areaCode: '0755', status: '暂停' },
        is: { city: '北京', areaCode: '010', status: '正常' },
      },
      { change: 'appeared', x: '+8617000000103' },
      { change: 'vanished', x: X2 },
    ]);
    expect(await inventory.get(X)).toMatchObject({ statusAt: NOW, cause: undefined });
    expect((await inventory.get(X2))?.forgotten).toBeUndefined();
    expect((await importRows(inventory, rows, true)).vanished.map(({ key }) => key)).toEqual([X2]);
    expect(await inventory.get(X2)).toMatchObject({ forgotten: true });
    expect((await importRows(inventory, rows)).vanished).toEqual([]);
    const back = await importRows(inventory, [...rows, { number: X2, extra: {} }]);
    expect(back).toMatchObject({ added: 1 });
    expect((await inventory.get(X2))?.forgotten).toBeUndefined();
  });

  it('lets only numbers of the modes of a list vanish, where every row has one', async () => {
    const inventory = new MemoryLog<InventoryEntry>();
    await inventory.append([
      { key: X, at: EARLIER, mode: 'ax', origins: ['import'] },
      { key: X2, at: EARLIER, mode: 'axb', origins: ['import'] },
    ]);
    const row = { number: '+8617000000103', mode: 'axb', extra: {} } as const;
    const vanished = async (rows: Parameters<typeof planImport>[1]): Promise<string[]> =>
      (await planImport(inventory, rows, NOW)).vanished.map(({ key }) => key);
    expect(await vanished([row])).toEqual([X2]);
    const strange = { number: '+8617000000104', extra: { 模式: '语音通知' }, hasUnknownMode: true } as const;
    expect(await vanished([row, strange])).toEqual([X2]);
    expect(await vanished([strange])).toEqual([]);
    expect(await vanished([row, { number: '+8617000000104', extra: {} }])).toEqual([X, X2]);
  });
});
