import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { wordsIn } from '../../../src/domain/text-pair.js';
import { initialState } from '../../../src/sandbox/initial-state.js';
import { openStateFile } from '../../../src/sandbox/state-file.js';
import { buildStateSaver } from '../../../src/sandbox/state-saver.js';
import { until } from '../../helpers/bin.js';
import { temporaryFolder } from '../../helpers/temporary-folder.js';

async function savedSeed(folder: string): Promise<unknown> {
  const text = await readFile(join(folder, 'state.json'), 'utf8').catch(() => '{}');
  return JSON.parse(text).seed;
}

describe('buildStateSaver', () => {
  it('saves by itself what has changed, every time', async () => {
    const folder = await temporaryFolder();
    const state = initialState(1);
    const lines: string[] = [];
    const saver = buildStateSaver(openStateFile(folder), state, (line) => lines.push(wordsIn(line, 'en')));
    for (const seed of [2, 3]) {
      state.seed = seed;
      saver.changed();
      await until(async () => (await savedSeed(folder)) === seed);
    }
    expect(lines).toEqual([]);
  });

  it('tells of a save that fails, and the next one holds', async () => {
    const folder = join(await temporaryFolder(), 'sandbox');
    const state = initialState(2);
    const lines: string[] = [];
    const saver = buildStateSaver(openStateFile(folder), state, (line) => lines.push(wordsIn(line, 'en')));
    await writeFile(folder, 'a file where the folder should be');
    await saver.save();
    expect(lines).toEqual([expect.stringContaining("cannot save the state: cannot write the sandbox's state")]);
    await rm(folder);
    await saver.save();
    expect(await savedSeed(folder)).toBe(2);
    expect(lines).toHaveLength(1);
  });
});
