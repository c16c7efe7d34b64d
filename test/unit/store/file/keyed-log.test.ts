import { existsSync } from 'node:fs';
import { appendFile, open, readdir, readFile, rename, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ArchiveEntry } from '../../../../src/store/archive-entry.js';
import { ARCHIVE_CODEC, INVENTORY_CODEC, LEDGER_CODEC } from '../../../../src/store/file/entry-codecs.js';
import { openKeyedLog } from '../../../../src/store/file/keyed-log.js';
import type { InventoryEntry } from '../../../../src/store/inventory-entry.js';
import type { JournalDamage } from '../../../../src/store/journal.js';
import type { KeyedLog } from '../../../../src/store/keyed-log.js';
import type { LedgerEntry } from '../../../../src/store/ledger-entry.js';
import { temporaryFolder } from '../samples.js';

const AT = new Date('2026-11-22T08:00:00.123Z');

function openInventory(file: string, damage: JournalDamage[] = []): KeyedLog<InventoryEntry> {
  return openKeyedLog({
    file,
    codec: INVENTORY_CODEC,
    pid: 1,
    onDamage: (found) => damage.push(found),
  });
}

function entry(key: string, status?: string): InventoryEntry {
  return { key, at: AT, origins: ['import'], status };
}

async function all<T extends { readonly key: string }>(log: KeyedLog<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of log.entries()) found.push(one);
  return found;
}

const statuses = async (log: KeyedLog<InventoryEntry>): Promise<[string, string | undefined][]> =>
  (await all(log)).map(({ key, status }) => [key, status]);

async function fileIn(name = 'inventory.ndjson'): Promise<string> {
  return join(await temporaryFolder(), 'data', name);
}

describe('openKeyedLog: many entries', () => {
  it('appends as many as a whole archive has', async () => {
    const log = openInventory(join(await temporaryFolder(), 'inventory.ndjson'));
    await log.append(Array.from({ length: 150_000 }, (_, n) => entry(`x-${n}`)));
    expect((await log.getAll(['x-0', 'x-149999'])).size).toBe(2);
  });
});

describe('openKeyedLog', () => {
  it('makes nothing until something is appended, then for the owner alone', async () => {
    const file = await fileIn();
    const log = openInventory(file);
    expect(await all(log)).toEqual([]);
    expect(await log.get('+8617000000101')).toBeUndefined();
    await log.append([]);
    expect(existsSync(join(file, '..'))).toBe(false);
    const umask = process.umask(0);
    try {
      await log.append([entry('+8617000000101')]);
    } finally {
      process.umask(umask);
    }
    expect([(await stat(file)).mode & 0o777, (await stat(join(file, '..'))).mode & 0o777]).toEqual([0o600, 0o700]);
    expect(await readdir(join(file, '..'))).toEqual(['inventory.ndjson']);
  });

  it('writes one sealed line an entry', async () => {
    const file = await fileIn();
    await openInventory(file).append([{ key: '+8617000000101', at: AT, origins: ['bind'] }]);
    expect(await readFile(file, 'utf8')).toBe(
      '{"v":1,"key":"+8617000000101","at":"2026-11-22T08:00:00.123Z","origins":["bind"],"crc":"a7d80050"}\n',
    );
  });

  it('lets the latest line of a key count, in order of first appearance', async () => {
    const file = await fileIn();
    const log = openInventory(file);
    await log.append([entry('a', '1'), entry('b', '1')]);
    await log.append([entry('c', '1'), entry('a', '2')]);
    expect(await statuses(log)).toEqual([
      ['a', '2'],
      ['b', '1'],
      ['c', '1'],
    ]);
    expect(await log.get('a')).toEqual(entry('a', '2'));
    expect(await statuses(openInventory(file))).toEqual(await statuses(log));
  });

  it('sees what others append, also between its own reads', async () => {
    const file = await fileIn();
    const [one, two] = [openInventory(file), openInventory(file)];
    await one.append([entry('a', '1')]);
    expect(await two.get('a')).toMatchObject({ status: '1' });
    await one.append([entry('a', '2'), entry('b', '1')]);
    expect(await two.get('a')).toMatchObject({ status: '2' });
    expect(await two.get('b')).toMatchObject({ status: '1' });
  });

  it('isolates a torn tail: what was cut is lost, nothing else', async () => {
    const file = await fileIn();
    await openInventory(file).append([entry('a', '1'), entry('b', '1')]);
    const whole = await readFile(file);
    const second = whole.indexOf('\n') + 1;
    for (let size = second; size < whole.length; size += 1) {
      await writeFile(file, whole.subarray(0, size));
      const damage: JournalDamage[] = [];
      const log = openInventory(file, damage);
      expect(await statuses(log), `${size}`).toEqual([['a', '1']]);
      await log.append([entry('c', '1')]);
      const expected = size === whole.length - 1 ? ['a', 'b', 'c'] : ['a', 'c'];
      expect(
        (await all(log)).map(({ key }) => key),
        `${size}`,
      ).toEqual(expected);
      expect(damage.map(({ line }) => line)).toEqual(size === second || size === whole.length - 1 ? [] : [2]);
    }
  });

  it('leaves out and reports a damaged line', async () => {
    const file = await fileIn();
    await openInventory(file).append([entry('a', '1'), entry('b', '1'), entry('c', '1')]);
    await writeFile(file, (await readFile(file, 'utf8')).replace('"b"', '"x"'));
    await appendFile(file, '{"v":1,"key":"d"}\n\n');
    const damage: JournalDamage[] = [];
    const log = openInventory(file, damage);
    expect((await all(log)).map(({ key }) => key)).toEqual(['a', 'c']);
    expect(damage.map(({ line }) => line)).toEqual([2, 4]);
  });

  it('compacts when most lines are superseded, for readers in the middle too', async () => {
    const file = await fileIn();
    const writer = openInventory(file);
    for (let round = 0; round < 3; round += 1) {
      await writer.append(Array.from({ length: 600 }, (_, n) => entry(`k${n}`, String(round))));
    }
    const reader = openInventory(file);
    const before = await statuses(reader);
    const { size, ino } = await stat(file);
    const held = await open(file, 'r');
    await openInventory(file).append([entry('k0', 'last')]);
    expect((await stat(file)).size).toBeLessThan(size / 2);
    expect((await stat(file)).ino).not.toBe(ino);
    expect((await held.stat()).size).toBe(size);
    await held.close();
    expect((await readFile(file, 'utf8')).trim().split('\n')).toHaveLength(601);
    const after = before.map(([key, status]) => [key, key === 'k0' ? 'last' : status]);
    expect(await statuses(reader)).toEqual(after);
    expect(await statuses(writer)).toEqual(after);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('sets damaged lines aside when it compacts, once and as they were', async () => {
    const file = await fileIn();
    await openInventory(file).append(Array.from({ length: 700 }, (_, n) => entry(`k${n}`, '0')));
    const text = (await readFile(file, 'utf8')).replace('"k5"', '"kX"').replace('"k600"', '"k6é"');
    await writeFile(file, `${text}{"v":1,"key":"torn`);
    const before = openInventory(file);
    expect(await before.damage?.()).toMatchObject({ damaged: 2, setAside: 0 });
    const damaged = [5, 600].map((line) => `${text.split('\n')[line] ?? ''}\n`).join('');
    // As after a process that was killed between setting aside and compacting.
    await writeFile(file.replace('.ndjson', '.damaged'), damaged.slice(0, damaged.indexOf('\n') + 1), { mode: 0o600 });
    for (let round = 0; round < 3; round += 1)
      await before.append(Array.from({ length: 700 }, (_, n) => entry(`k${n}`, String(round))));
    const log = openInventory(file);
    await log.append([entry('last')]);
    expect(await readFile(file.replace('.ndjson', '.damaged'), 'utf8')).toBe(`${damaged}{"v":1,"key":"torn\n`);
    expect(await readFile(file, 'utf8')).not.toMatch(/kX|k6é|torn/);
    expect(await log.damage?.()).toMatchObject({ damaged: 0, setAside: 3, aside: file.replace('.ndjson', '.damaged') });
  });

  it('does not compact few lines, nor lines that still count', async () => {
    const file = await fileIn();
    const log = openInventory(file);
    await log.append(Array.from({ length: 900 }, (_, n) => entry('a', String(n))));
    await log.append(Array.from({ length: 2000 }, (_, n) => entry(`k${n}`)));
    const { ino } = await stat(file);
    await openInventory(file).append([entry('a')]);
    expect((await stat(file)).ino).toBe(ino);
  });

  it('notices another file in place of its own, also a shorter one', async () => {
    const file = await fileIn();
    const log = openInventory(file);
    await log.append([entry('a', '1'), entry('b', '1')]);
    expect(await all(log)).toHaveLength(2);
    await openInventory(`${file}.other`).append([entry('c', '1'), entry('d', '1'), entry('e', '1')]);
    await rename(`${file}.other`, file);
    expect((await all(log)).map(({ key }) => key)).toEqual(['c', 'd', 'e']);
    await truncate(file, (await readFile(file)).indexOf('\n') + 1);
    expect((await all(log)).map(({ key }) => key)).toEqual(['c']);
  });

  it('loses nothing when many append at once', async () => {
    const file = await fileIn();
    const logs = Array.from({ length: 4 }, () =>
      openKeyedLog({ file, codec: INVENTORY_CODEC, pid: 1, lockWaitMs: 60_000 }),
    );
    await Promise.all(Array.from({ length: 80 }, (_, n) => logs[n % 4]!.append([entry(`k${n}`)])));
    expect(await all(logs[0]!)).toHaveLength(80);
  });

  it('knows what it has just appended, and leaves no lock behind when groups follow one another', async () => {
    const file = await fileIn();
    const log = openKeyedLog({ file, codec: INVENTORY_CODEC, pid: 1 });
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        for (let turn = 0; turn < 5; turn += 1) {
          await log.append([entry(`k${index}-${turn}`)]);
          expect((await log.get(`k${index}-${turn}`))?.key).toBe(`k${index}-${turn}`);
        }
      }),
    );
    await expect(readFile(`${file}.lock`)).rejects.toMatchObject({ code: 'ENOENT' });
    expect((await readFile(file, 'utf8')).trim().split('\n')).toHaveLength(100);
  });

  it('says what it cannot write or read', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');
    const file = join(folder, 'file', 'inventory.ndjson');
    const log = openInventory(file);
    const refused = (zh: string, en: string): object => ({
      code: 'storage-failed',
      exitCode: 14,
      words: {
        zh: expect.stringContaining(`${zh} ${file}：`) as string,
        en: expect.stringContaining(`${en} ${file}: `) as string,
      },
    });
    await expect(log.append([entry('a')])).rejects.toMatchObject(refused('无法写入', 'cannot write'));
    await expect(log.get('a')).rejects.toMatchObject(refused('无法读取', 'cannot read'));
  });
});

describe('entry codecs', () => {
  const instant = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
  const text = fc.string({ unit: 'binary' });

  it('keep every ledger entry as it was, instants included', async () => {
    const file = await fileIn('ledger.ndjson');
    const log = openKeyedLog<LedgerEntry>({ file, codec: LEDGER_CODEC, pid: 1 });
    const binding = fc.record(
      {
        kind: fc.constant('Binding' as const),
        subscriptionId: text,
        mode: fc.constantFrom('ax', 'axb', 'axe', 'axyb'),
        a: text,
        recording: fc.boolean(),
        userData: text,
        createdAt: instant,
        expiresAt: fc.option(instant, { nil: null }),
        raw: fc.constantFrom({ subscriptionId: 'x', createdAt: '2026-11-22' }, null, [1]),
      },
      { requiredKeys: ['kind', 'subscriptionId', 'mode'], noNullPrototype: true },
    );
    const ledger = fc.record(
      {
        key: text,
        at: instant,
        mode: fc.constantFrom('ax', 'axb'),
        action: fc.constantFrom('bind', 'unbind', 'seen'),
        state: fc.constantFrom('active', 'gone', 'in-doubt'),
        binding,
        request: fc.dictionary(text, fc.oneof(text, fc.integer(), fc.boolean()), { noNullPrototype: true }),
        note: text,
      },
      { requiredKeys: ['key', 'at', 'mode', 'action', 'state', 'binding'], noNullPrototype: true },
    );
    await fc.assert(
      fc.asyncProperty(ledger, async (one) => {
        await log.append([one]);
        expect(await log.get(one.key)).toEqual(one);
      }),
      { numRuns: 60 },
    );
  });

  it('keep an archive entry, and refuse fields of another kind', () => {
    const archived: ArchiveEntry = {
      key: 'd/f.wav',
      at: AT,
      file: '/r/f.wav',
      sizeBytes: 44,
      sha256: 'ab',
      durationSeconds: 0,
    };
    const fields = JSON.parse(JSON.stringify({ v: 1, ...ARCHIVE_CODEC.encode(archived) })) as Record<string, unknown>;
    expect(ARCHIVE_CODEC.decode(fields)).toEqual(archived);
    expect(() => LEDGER_CODEC.decode(fields)).toThrow('no binding');
    expect(() => INVENTORY_CODEC.decode(fields)).toThrow('no origins');
    expect(() => ARCHIVE_CODEC.decode({ key: 'k', at: 'yesterday' })).toThrow('no valid instant');
    expect(() => ARCHIVE_CODEC.decode({ at: AT.toISOString() })).toThrow('no key');
  });
});

/** Entries that are found by key and status; `unindexedBytes` as of the log. */
function openFindable(file: string, unindexedBytes?: number): KeyedLog<InventoryEntry> {
  const facts = ({ key, status = '', at }: Readonly<Record<string, unknown>>) => ({
    terms: [String(key), String(status)],
    at: String(at),
  });
  return openKeyedLog({ file, codec: { ...INVENTORY_CODEC, facts }, pid: 1, unindexedBytes });
}

describe('find', () => {
  const found = async (log: KeyedLog<InventoryEntry>, ...texts: string[]): Promise<[string, string | undefined][]> => {
    const entries: [string, string | undefined][] = [];
    for await (const { key, status } of log.find?.(texts) ?? []) entries.push([key, status]);
    return entries;
  };

  it('gives the latest entry of every key that ever held the texts, in the order of entries', async () => {
    const file = join(await temporaryFolder(), 'inventory.ndjson');
    const log = openFindable(file);
    await log.append([entry('b', 'one'), entry('a', 'one'), entry('c', 'two')]);
    await log.append([entry('b', 'two'), entry('"odd\\', 'o"ne\n')]);
    expect(await found(openFindable(file), 'one')).toEqual([
      ['b', 'two'],
      ['a', 'one'],
    ]);
    expect(await found(openFindable(file), 'c', 'two')).toEqual([['c', 'two']]);
    expect(await found(openFindable(file), 'o"ne\n')).toEqual([['"odd\\', 'o"ne\n']]);
    expect(await found(openFindable(file), 'three')).toEqual([]);
    expect(await found(openFindable(`${file}.none`), 'one')).toEqual([]);
  });

  it('takes the line before a damaged one, and no line that is not whole', async () => {
    const file = join(await temporaryFolder(), 'inventory.ndjson');
    await openFindable(file).append([entry('a', 'one'), entry('a', 'later')]);
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('"later"', '"laser"'));
    expect(await found(openFindable(file), 'one')).toEqual([['a', 'one']]);
    await writeFile(file, text.slice(0, -5));
    expect(await found(openFindable(file), 'one')).toEqual([['a', 'one']]);
  });

  it('agrees with reading everything', async () => {
    const folder = await temporaryFolder();
    const names = fc.constantFrom('a', 'b', 'c', 'd', '"', 'ü');
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(names, names), { maxLength: 30 }), names, async (lines, wanted) => {
        const file = join(folder, `${round++}.ndjson`);
        await openFindable(file).append(lines.map(([key, status]) => entry(key, status)));
        const expected = (await statuses(openFindable(file))).filter(([, status]) => status === wanted);
        const some = (await found(openFindable(file), wanted)).filter(([, status]) => status === wanted);
        expect(some).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });
});
