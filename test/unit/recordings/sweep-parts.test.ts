import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseNameTemplate } from '../../../src/recordings/recording-name.js';
import { sweepParts } from '../../../src/recordings/sweep-parts.js';

const NOW = new Date('2026-11-22T00:00:00Z');
const PART = '.a.0123456789abcdef.part';

/** A folder with old part files at these places. */
async function folderWith(places: readonly string[]): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'sweep-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const at = new Date(NOW.getTime() - 9 * 86_400_000);
  for (const place of places) {
    const file = join(root, place, PART);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, 'x');
    await utimes(file, at, at);
  }
  return root;
}

async function left(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath }) => parentPath.slice(root.length + 1))
    .sort();
}

async function sweep(root: string, template: string): Promise<string[]> {
  await sweepParts(root, parseNameTemplate(template), { now: NOW, signal: new AbortController().signal });
  return left(root);
}

describe('sweepParts', () => {
  it('looks into the folders of past days, and into no other', async () => {
    const places = ['', '2026-01-01', '2026-01-01/x1', '2026-01-02/x2', '2026-01-02/x2/deep', 'mine/x1', 'unknown/x1'];
    const root = await folderWith(places);
    expect(await sweep(root, '{date}/{x}/{session}.wav')).toEqual(['', '2026-01-01', '2026-01-02/x2/deep', 'mine/x1']);
  });

  it('knows folders by what the template says of them', async () => {
    const root = await folderWith(['calls/a', 'other/a', '']);
    expect(await sweep(root, 'calls/{direction}/{file}')).toEqual(['', 'other/a']);
    expect(await sweep(root, '{file}')).toEqual(['other/a']);
  });

  it('follows no link', async () => {
    const outside = await folderWith(['x1']);
    const root = await folderWith(['2026-01-01/x2']);
    await symlink(outside, join(root, '2026-01-03'));
    await symlink(join(outside, 'x1'), join(root, '2026-01-01/x1'));
    expect(await sweep(root, '{date}/{x}/{session}.wav')).toEqual([]);
    expect(await left(outside)).toEqual(['x1']);
  });

  it('has nothing to do where there is no folder, and stops when it is told to', async () => {
    const root = await folderWith(['2026-01-01/x1']);
    const template = parseNameTemplate('{date}/{x}/{session}.wav');
    await sweepParts(join(root, 'none'), template, { now: NOW, signal: new AbortController().signal });
    await expect(sweepParts(root, template, { now: NOW, signal: AbortSignal.abort() })).rejects.toThrow();
    expect(await left(root)).toEqual(['2026-01-01/x1']);
  });
});
