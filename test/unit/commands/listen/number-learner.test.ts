import { describe, expect, it } from 'vitest';
import { NumberLearner } from '../../../../src/commands/listen/number-learner.js';
import type { Sighting } from '../../../../src/numbers/learn-numbers.js';
import type { InventoryEntry } from '../../../../src/store/inventory-entry.js';
import type { KeyedLog } from '../../../../src/store/keyed-log.js';
import { openFileStore } from '../../../../src/store/file/open-file-store.js';
import { temporaryFolder } from '../../store/samples.js';

const X = '+8617000000001';
const NOW = new Date('2026-11-22T00:00:00Z');

interface Watched {
  readonly inventory: KeyedLog<InventoryEntry>;
  /** Entries of each append. */
  readonly appends: number[];
}

async function openInventory(refuse: () => boolean = () => false): Promise<Watched> {
  const { inventory } = await openFileStore({
    folder: await temporaryFolder(),
    now: () => NOW,
    pid: 7,
    hostname: 'test-host',
  });
  const appends: number[] = [];
  return {
    appends,
    inventory: {
      append: (entries) => {
        appends.push(entries.length);
        return refuse() ? Promise.reject(new Error('the disk refuses')) : inventory.append(entries);
      },
      entries: () => inventory.entries(),
      get: (key) => inventory.get(key),
      getAll: (keys) => inventory.getAll(keys),
    },
  };
}

/** @param minute when it was told; the platform may leave it out. */
const status = (text: string, minute?: number): Sighting => ({
  number: X,
  origin: 'status',
  status: text,
  at: minute === undefined ? undefined : new Date(NOW.getTime() + minute * 60_000),
});

function learner(inventory: KeyedLog<InventoryEntry>, failures: string[] = []): NumberLearner {
  return new NumberLearner({ inventory, now: () => NOW, gatherMs: 1, failed: ({ message }) => failures.push(message) });
}

describe('NumberLearner', () => {
  it('enters what came together at once, and nothing twice', async () => {
    const { inventory, appends } = await openInventory();
    const one = learner(inventory);
    for (let n = 0; n < 50; n += 1) one.add([{ number: `+861700000000${n % 2}`, origin: 'cdr', at: NOW }]);
    await one.done();
    expect(appends).toEqual([2]);
    one.add([{ number: X, origin: 'cdr', at: NOW }]);
    await one.done();
    expect(appends.filter((count) => count > 0)).toEqual([2]);
  });

  it('keeps the order in which states were told, also of one that comes again', async () => {
    const { inventory } = await openInventory();
    const one = learner(inventory);
    one.add([status('on'), status('off'), status('on')]);
    await one.done();
    expect((await inventory.get(X))?.status).toBe('on');
  });

  it('is not set back by an earlier state that comes late', async () => {
    const { inventory } = await openInventory();
    const one = learner(inventory);
    one.add([status('on', 3), status('on', 1), status('off', 2)]);
    await one.done();
    expect((await inventory.get(X))?.status).toBe('on');
  });

  it('tells of what could not be entered, and goes on with what comes', async () => {
    let isFull = true;
    const { inventory } = await openInventory(() => isFull);
    const failures: string[] = [];
    const one = learner(inventory, failures);
    one.add([status('on', 1)]);
    await one.done();
    expect(failures).toEqual(['the disk refuses']);
    expect(await inventory.get(X)).toBeUndefined();
    isFull = false;
    one.add([status('off', 2)]);
    await one.done();
    expect((await inventory.get(X))?.status).toBe('off');
  });
});
