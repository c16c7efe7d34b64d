import { describe, expect, it } from 'vitest';
import { learnFromRecords, learnNumbers, sightingsOfRecord } from '../../../src/numbers/learn-numbers.js';
import { MemoryLog, NOW, X, X2 } from '../bindings/memory-books.js';
import type { CallRecord } from '../../../src/domain/call-record.js';
import type { NumberStatus } from '../../../src/domain/number-status.js';
import type { InventoryEntry } from '../../../src/store/inventory-entry.js';

const EARLIER = new Date('2026-07-01T00:00:00Z');
const LATER = new Date('2026-07-10T00:00:00Z');

function call(fields: Partial<CallRecord>): CallRecord {
  return { kind: 'CallRecord', outcome: 'answered', raw: {}, ...fields };
}

function status(code: string, zh: string, at: Date): NumberStatus {
  return { kind: 'NumberStatus', x: X, status: { source: 'number-status', code, zh }, at, raw: {} };
}

describe('learnNumbers', () => {
  it('learns X and Y of calls, with the city code, in one write', async () => {
    const inventory = new MemoryLog<InventoryEntry>();
    const records = [
      call({ x: X, y: X2, mode: 'axyb', endedAt: EARLIER, raw: { areaCode: '0755' } }),
      call({ x: '+86170****0105' }),
      call({ x: X, endedAt: LATER }),
    ];
    async function* source(): AsyncGenerator<CallRecord> {
      for (const record of records) yield await Promise.resolve(record);
    }
    expect(await learnFromRecords(inventory, source(), NOW)).toBe(2);
    expect(inventory.writes).toBe(1);
    expect(inventory.lines).toEqual([
      { key: X, at: EARLIER, mode: 'axyb', areaCode: '0755', origins: ['cdr'], firstAt: EARLIER },
      { key: X2, at: EARLIER, mode: 'axyb', origins: ['cdr'], firstAt: EARLIER },
    ]);
    expect(await learnFromRecords(inventory, source(), NOW)).toBe(0);
    expect(inventory.writes).toBe(1);
  });

  it('adds the origin and what was lacking, and keeps the rest', async () => {
    const inventory = new MemoryLog<InventoryEntry>();
    await inventory.append([{ key: X, at: EARLIER, city: '深圳', mode: 'axb', origins: ['import'] }]);
    expect(await learnNumbers(inventory, [{ number: X, origin: 'query', mode: 'ax' }], NOW)).toBe(1);
    expect(await inventory.get(X)).toEqual({
      key: X,
      at: NOW,
      city: '深圳',
      mode: 'axb',
      origins: ['import', 'query'],
    });
  });

  it('takes a status in the words of the console, and not an older one', async () => {
    const inventory = new MemoryLog<InventoryEntry>();
    const refused = {
      ...status('10', '不可用', LATER),
      cause: { source: 'number-cause', code: '2', zh: '欠费' } as const,
    };
    await learnNumbers(inventory, sightingsOfRecord(refused), NOW);
    expect(await inventory.get(X)).toMatchObject({
      status: '不可用',
      cause: '欠费',
      statusAt: LATER,
      at: LATER,
      origins: ['status'],
    });
    expect(await learnNumbers(inventory, sightingsOfRecord(status('5', '正常', EARLIER)), NOW)).toBe(0);
    expect(await learnNumbers(inventory, sightingsOfRecord(status('5', '正常', NOW)), NOW)).toBe(1);
    expect(await inventory.get(X)).toMatchObject({ status: '正常', cause: undefined, statusAt: NOW, at: NOW });
  });

  it('lets a forgotten number come back by something newer only', async () => {
    const inventory = new MemoryLog<InventoryEntry>();
    await inventory.append([{ key: X, at: LATER, city: '深圳', origins: ['import'], forgotten: true }]);
    expect(await learnNumbers(inventory, [{ number: X, origin: 'cdr', at: EARLIER }], NOW)).toBe(0);
    expect(await learnNumbers(inventory, [{ number: X, origin: 'cdr', at: NOW }], NOW)).toBe(1);
    expect(await inventory.get(X)).toEqual({ key: X, at: NOW, origins: ['cdr'], firstAt: NOW });
  });
});
