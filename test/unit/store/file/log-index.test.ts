import { existsSync } from 'node:fs';
import { chmod, copyFile, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type EntryCodec, INVENTORY_CODEC } from '../../../../src/store/file/entry-codecs.js';
import { openKeyedLog } from '../../../../src/store/file/keyed-log.js';
import type { InventoryEntry } from '../../../../src/store/inventory-entry.js';
import type { JournalDamage } from '../../../../src/store/journal.js';
import type { KeyedLog, TimeSpan } from '../../../../src/store/keyed-log.js';
import { amount } from '../../../helpers/nightly.js';
import { seededRandom } from '../../../helpers/receiver-process.js';
import { temporaryFolder } from '../samples.js';

const SEED = Number(process.env.PRIVACY_CALL_TEST_SEED ?? Math.floor(Math.random() * 1e9));
const HISTORIES = amount('INDEX_HISTORIES', 10, 400);
const START = Date.UTC(2026, 0, 1);

/** Found by status and city, at the instant of the line. */
const CODEC: EntryCodec<InventoryEntry> = {
  ...INVENTORY_CODEC,
  facts: ({ status = '', city = '', at }) => ({ terms: [String(status), String(city)], at: String(at) }),
};

function openIndexed(file: string, unindexedBytes = 0, damage: JournalDamage[] = []): KeyedLog<InventoryEntry> {
  return openKeyedLog({ file, codec: CODEC, pid: 1, unindexedBytes, onDamage: (found) => damage.push(found) });
}

/** The same log, read whole. */
function openPlain(file: string): KeyedLog<InventoryEntry> {
  return openKeyedLog({ file, codec: INVENTORY_CODEC, pid: 1 });
}

function entry(key: string, more: Partial<InventoryEntry> = {}): InventoryEntry {
  return { key, at: new Date(START), origins: ['import'], ...more };
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

interface Question {
  readonly texts: readonly string[];
  readonly span?: TimeSpan;
}

/** What a find must give: all that fit, each once. */
async function ask(log: KeyedLog<InventoryEntry>, { texts, span = {} }: Question): Promise<InventoryEntry[]> {
  const found = await all(log.find?.(texts, span) ?? log.entries());
  expect(new Set(found.map(({ key }) => key)).size, 'no key twice').toBe(found.length);
  return found.filter(
    ({ at, status = '', city = '' }) =>
      texts.every((text) => text === status || text === city) &&
      (span.from === undefined || at >= span.from) &&
      (span.to === undefined || at < span.to),
  );
}

const byKey = (entries: readonly InventoryEntry[]): InventoryEntry[] =>
  [...entries].sort((one, other) => (one.key < other.key ? -1 : 1));

const days = (count: number): Date => new Date(START + count * 86_400_000);

function history(count: number, city = 'c'): InventoryEntry[] {
  return Array.from({ length: count }, (_, n) =>
    entry(`k${n % (count - 10)}`, { status: `s${n % 7}`, city: `${city}${n}`, at: days(n / 100) }),
  );
}

async function writeHistory(file: string, count: number): Promise<void> {
  await openPlain(file).append(history(count));
}

describe('the index of a log', () => {
  it('is made by a find beside a long log, for the owner alone; a short one has none', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'ledger.ndjson');
    await writeHistory(file, 3000);
    await ask(openIndexed(file, 10_000_000), { texts: ['c17'] });
    expect(existsSync(join(folder, 'ledger.index'))).toBe(false);
    await ask(openIndexed(file), { texts: ['c17'] });
    expect((await stat(join(folder, 'ledger.index'))).mode & 0o777).toBe(0o600);
    expect(existsSync(join(folder, 'ledger.index.lock'))).toBe(false);
  });

  it('tells how far its making is, where that takes long', async () => {
    const file = join(await temporaryFolder(), 'ledger.ndjson');
    await writeHistory(file, 3000);
    const { size } = await stat(file);
    const told = async (unindexedBytes: number): Promise<number[]> => {
      const parts: number[] = [];
      await rm(file.replace('.ndjson', '.index'), { force: true });
      const onIndexing = (part: number): void => void parts.push(part);
      await ask(openKeyedLog({ file, codec: CODEC, pid: 1, unindexedBytes, onIndexing }), { texts: ['c17'] });
      expect(existsSync(file.replace('.ndjson', '.index'))).toBe(true);
      return parts;
    };
    expect(await told(Math.floor(size / 8) + 1)).toEqual([]);
    const parts = await told(Math.floor(size / 9));
    expect(parts[0]).toBe(0);
    expect(parts.at(-1)).toBe(1);
    expect([...parts].sort((one, other) => one - other)).toEqual(parts);
  });

  it('finds without reading the log: what it does not name is never looked at', async () => {
    const file = join(await temporaryFolder(), 'ledger.ndjson');
    await writeHistory(file, 3000);
    await ask(openIndexed(file), { texts: ['c17'] });
    // Every line but the first and last hundred (which vouch for the log) and the one asked for becomes unreadable, in place.
    const bytes = await readFile(file);
    const lines = bytes.toString('latin1').split('\n');
    const blind = lines.map((line, n) => (n < 200 || n > 2800 || n === 1500 ? line : '#'.repeat(line.length)));
    const handle = await import('node:fs/promises').then(({ open }) => open(file, 'r+'));
    await handle.write(blind.join('\n'), 0, 'latin1');
    await handle.close();
    const damage: JournalDamage[] = [];
    expect(await ask(openIndexed(file, 0, damage), { texts: ['c1500'] })).toHaveLength(1);
    expect((await openIndexed(file, 0, damage).get('k1500'))?.city).toBe('c1500');
    expect(damage).toEqual([]);
  });

  it('answers of what was appended after it, and of keys that moved', async () => {
    const file = join(await temporaryFolder(), 'ledger.ndjson');
    await writeHistory(file, 3000);
    await ask(openIndexed(file), { texts: ['c17'] });
    const log = openIndexed(file, 1_000_000);
    await log.append([entry('k1500', { status: 'moved', city: 'c17' }), entry('new', { city: 'c17' })]);
    expect((await ask(log, { texts: ['c17'] })).map(({ key }) => key)).toEqual(['k17', 'k1500', 'new']);
    expect(await ask(log, { texts: ['c1500'] })).toEqual([]);
    expect((await log.get('k1500'))?.status).toBe('moved');
    expect(await log.get('k1499')).toMatchObject({ city: 'c1499' });
    expect(await log.get('none')).toBeUndefined();
    const several = await log.getAll(['k1500', 'none', 'k1499', 'new', 'k1499']);
    expect([...several].map(([key, { city }]) => [key, city])).toEqual([
      ['k1500', 'c17'],
      ['new', 'c17'],
      ['k1499', 'c1499'],
    ]);
    expect((await log.getAll([])).size).toBe(0);
  });

  it('is left alone where the folder may only be read', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'ledger.ndjson');
    await writeHistory(file, 3000);
    if (process.getuid?.() === 0) {
      // Root may write everywhere: a folder in the place of the index keeps it out as well.
      await import('node:fs/promises').then(({ mkdir }) => mkdir(join(folder, 'ledger.index.tmp')));
    } else await chmod(folder, 0o500);
    expect(await ask(openIndexed(file), { texts: ['c17'] })).toHaveLength(1);
    expect(await all(openIndexed(file).entries())).toHaveLength(2990);
    expect((await openIndexed(file).get('k17'))?.city).toBe('c17');
    expect(existsSync(join(folder, 'ledger.index'))).toBe(false);
    await chmod(folder, 0o700);
  });

  it('is made anew where it is torn at any page, altered, or of another log', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'ledger.ndjson');
    const index = join(folder, 'ledger.index');
    await writeHistory(file, 1200);
    const expected = await all(openPlain(file).entries());
    await ask(openIndexed(file), { texts: ['c17'] });
    const whole = await readFile(index);
    const check = async (what: string): Promise<void> => {
      expect(await ask(openIndexed(file), { texts: ['c17'] }), what).toHaveLength(1);
      expect(await all(openIndexed(file).entries()), what).toEqual(expected);
      expect(await openIndexed(file).get('k600'), what).toEqual(expected[600]);
    };
    for (let size = 0; size < whole.length; size += 32_768) {
      await writeFile(index, whole.subarray(0, size));
      await check(`cut at ${size}`);
    }
    for (let at = 32_768; at + 32_768 <= whole.length; at += 32_768) {
      const altered = Buffer.from(whole).fill(0xff, at, at + 32_768);
      await writeFile(index, altered);
      const found = await openIndexed(file).getAll(new Set(['k600', 'k7']).values());
      expect([found.get('k600'), found.get('k7')], `altered from ${at}`).toEqual([expected[600], expected[7]]);
    }
    const random = seededRandom(SEED);
    for (let round = 0; round < 15; round += 1) {
      const bytes = Buffer.from(whole);
      const at = Math.floor(random() * bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      await writeFile(index, bytes);
      await check(`seed ${SEED}, byte ${at}`);
    }
    await writeFile(index, whole);
    await copyFile(file, `${file}.copy`);
    await rename(`${file}.copy`, file);
    await check('another log');
  });

  it('is not believed when the log was cut and grew again, nor when its pages say what was never written', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'ledger.ndjson');
    const index = join(folder, 'ledger.index');
    await writeHistory(file, 1200);
    await ask(openIndexed(file), { texts: ['c17'] });
    // Other lines of the same lengths, as after an append that was refused and taken back.
    const kept = (await readFile(file)).indexOf('\n', 60_000) + 1;
    const lines = (await readFile(file)).subarray(0, kept).filter((byte) => byte === 0x0a).length;
    await truncate(file, kept);
    await openPlain(file).append(history(1200, 'd').slice(lines));
    expect(await ask(openIndexed(file, 10_000_000), { texts: ['d1100'] })).toHaveLength(1);
    expect(await ask(openIndexed(file), { texts: ['d1101'] })).toHaveLength(1);

    const whole = await readFile(index);
    for (let page = 1; page * 4096 < whole.length; page += 1) whole.fill(0, page * 4096, page * 4096 + 4088);
    await writeFile(index, whole);
    expect(await ask(openIndexed(file), { texts: ['d1102'] })).toHaveLength(1);
    expect(existsSync(index)).toBe(false);
  });

  it('finds by time to the millisecond, also the first and the last line of a stretch', async () => {
    const file = join(await temporaryFolder(), 'ledger.ndjson');
    const at = (n: number): Date => new Date(START + n * 60_000 + 600);
    await openPlain(file).append(Array.from({ length: 2600 }, (_, n) => entry(`k${n}`, { at: at(n) })));
    const keys = async (from: Date, to: Date): Promise<string[]> =>
      (await ask(openIndexed(file), { texts: [], span: { from, to } })).map(({ key }) => key);
    for (const line of [0, 511, 512, 1535, 2599]) {
      const [before, behind] = [-1, 1].map((ms) => new Date(at(line).getTime() + ms)) as [Date, Date];
      expect(await keys(before, behind)).toEqual([`k${line}`]);
      expect(await keys(behind, new Date(behind.getTime() + 100))).toEqual([]);
    }
  });

  it(`agrees with reading everything, over ${HISTORIES} histories with kills at any byte (seed ${SEED})`, async () => {
    const random = seededRandom(SEED);
    const pick = (count: number): number => Math.floor(random() * count);
    const folder = await temporaryFolder();
    let asked = 0;
    let found = 0;
    for (let history = 0; history < HISTORIES; history += 1) {
      const file = join(folder, `${history}.ndjson`);
      const keys = 1 + pick(400);
      let log = openIndexed(file);
      for (let step = 0; step < 8; step += 1) {
        await log.append(
          Array.from({ length: 1 + pick(300) }, () =>
            entry(`k${pick(keys)}`, { status: `s${pick(30)}`, city: `c${pick(keys)}`, at: days(step + random()) }),
          ),
        );
        const kind = pick(6);
        if (kind === 0) await truncate(file, pick((await stat(file)).size));
        if (kind === 1) await truncate(join(folder, `${history}.index`), pick(20_000)).catch(() => undefined);
        if (kind === 2) await rm(join(folder, `${history}.index`), { force: true });
        if (kind === 3) {
          const bytes = await readFile(file);
          const at = pick(bytes.length);
          bytes[at] = 0x23;
          // As a careless hand would: a new file.
          await writeFile(`${file}.edited`, bytes);
          await rename(`${file}.edited`, file);
        }
        // One that goes on, or a new process; with an index of everything, of a part, or of the past.
        if (pick(2) === 0) log = openIndexed(file, [0, 5000, 50_000, Infinity][pick(4)]);
        const plain = openPlain(file);
        const expected = await all(plain.entries());
        expect(await all(log.entries()), `${history}.${step}`).toEqual(expected);
        const key = `k${pick(keys)}`;
        expect(await log.get(key), `${history}.${step} ${key}`).toEqual(await plain.get(key));
        const questions: Question[] = [
          { texts: [`c${pick(keys)}`] },
          { texts: [`s${pick(30)}`] },
          { texts: [`s${pick(30)}`, `c${pick(keys)}`] },
          { texts: [`c${pick(keys)}`], span: { from: days(random() * 8) } },
          { texts: [], span: { from: days(random() * 8), to: days(random() * 8) } },
        ];
        for (const question of questions) {
          const answer = await ask(log, question);
          // Keys that the index does not know come behind the others, as they were found: their order is no promise.
          expect(byKey(answer), `${history}.${step} ${JSON.stringify(question)}`).toEqual(
            byKey(await ask(plain, question)),
          );
          asked += 1;
          found += answer.length;
        }
      }
    }
    console.log(
      `index, seed ${SEED}: ${HISTORIES} histories, ${asked} questions, ${found} entries found, all as by a full scan`,
    );
  }, 600_000);
});
