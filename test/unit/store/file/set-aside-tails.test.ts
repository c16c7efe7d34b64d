import { readdir, readFile, utimes, appendFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { setAsideTails } from '../../../../src/store/file/set-aside-tails.js';
import type { JournalDamage } from '../../../../src/store/journal.js';
import { ARRIVED_AT, openJournal, push, readAll, temporaryFolder } from '../samples.js';

async function tornJournal(seconds: number): Promise<{ folder: string; file: string; whole: string }> {
  const folder = await temporaryFolder();
  const journal = openJournal(folder);
  await journal.append(push('"a"'));
  await journal.append(push('"b"'));
  await journal.close();
  const day = join(folder, 'journal', '2026-11-22');
  const file = join(day, (await readdir(day))[0]!);
  const whole = await readFile(file, 'utf8');
  await appendFile(file, '{"v":1,"seq":3,"at"');
  const written = new Date(ARRIVED_AT.getTime() - seconds * 1000);
  await utimes(file, written, written);
  return { folder, file, whole };
}

describe('setAsideTails', () => {
  it('keeps a torn end beside its segment, cuts it off and tells of it once', async () => {
    const { folder, file, whole } = await tornJournal(61);
    const damage: JournalDamage[] = [];
    const journal = openJournal(folder, { pid: 5, onDamage: (found) => damage.push(found) });
    await journal.prepare();
    expect(await readFile(file, 'utf8')).toBe(whole);
    expect(await readFile(`${file}.torn`, 'utf8')).toBe('{"v":1,"seq":3,"at"');
    const reason = `the last line was cut off, never acknowledged; what there is of it (19 bytes) is set aside in ${basename(file)}.torn`;
    expect(damage).toEqual([{ file, line: 3, reason }]);
    await journal.prepare();
    expect(damage).toHaveLength(1);
    expect(await readAll(journal)).toMatchObject({ pushes: [{ key: undefined }, { key: undefined }], damage: [] });
  });

  it('leaves alone what may be being written', async () => {
    const { folder, file, whole } = await tornJournal(59);
    await setAsideTails(join(folder, 'journal'), { now: ARRIVED_AT });
    expect(await readFile(file, 'utf8')).toBe(`${whole}{"v":1,"seq":3,"at"`);
  });
});
