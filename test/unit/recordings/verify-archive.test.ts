import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readlink, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collect } from '../../../src/bindings/collect.js';
import { verifyArchive, type VerifyOptions } from '../../../src/recordings/verify-archive.js';
import { wav } from './wav-bytes.js';
import type { ArchiveEntry } from '../../../src/store/archive-entry.js';

const NOW = new Date('2026-11-22T00:00:00Z');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verify-'));
  await mkdir(join(folder, 'in/deep'), { recursive: true });
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function save(name: string, bytes: Buffer): Promise<ArchiveEntry> {
  const file = join(folder, name);
  await writeFile(file, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { key: `d/${name}`, at: new Date(0), file, sizeBytes: bytes.length, sha256 };
}

async function statesOf(
  entries: readonly ArchiveEntry[],
  options: Partial<VerifyOptions> = {},
): Promise<Record<string, string>> {
  const run = verifyArchive(entries, { fast: false, now: NOW, signal: new AbortController().signal, ...options });
  const found = await collect(run);
  return Object.fromEntries(found.map(({ file, state }) => [file.slice(folder.length + 1), state] as const));
}

describe('verifyArchive', () => {
  it('tells part files that are under way from those that are left over, and nothing of what stands beside them', async () => {
    const parts = { young: 1, old: 9 };
    for (const [name, days] of Object.entries(parts)) {
      for (const end of ['', '.json', '.lock']) {
        const file = join(folder, `in/deep/.${name}.0123456789abcdef.part${end}`);
        await writeFile(file, 'x');
        const at = new Date(NOW.getTime() - days * 86_400_000);
        await utimes(file, at, at);
      }
    }
    await symlink(join(folder, 'in'), join(folder, 'in/deep/.link.0123456789abcdef.part'));
    await writeFile(join(folder, 'in/.hidden'), 'x');
    expect(await statesOf([], { folder })).toEqual({
      'in/deep/.young.0123456789abcdef.part': 'under-way',
      'in/deep/.old.0123456789abcdef.part': 'left-over',
    });
  });

  it('tells several files that are asked for at once in the order of the archive, each by its own content', async () => {
    const entries: ArchiveEntry[] = [];
    for (let n = 0; n < 40; n += 1) {
      // A long one is done after the short ones behind it.
      const entry = await save(`in/${n}.wav`, wav(n % 7 === 0 ? 3_000_000 : 800 + n * 2));
      entries.push(n % 5 === 0 ? { ...entry, sha256: 'f'.repeat(64) } : entry);
    }
    const found = await collect(
      verifyArchive(entries, { fast: false, now: NOW, signal: new AbortController().signal }),
    );
    expect(found.map(({ file, state }) => [file, state])).toEqual(
      entries.map(({ file }, n) => [file, n % 5 === 0 ? 'altered' : 'whole']),
    );
  });

  it('stops when it is asked to, or when nobody reads on, with every file closed', async () => {
    const entries = await Promise.all(Array.from({ length: 20 }, (_, n) => save(`in/${n}.wav`, wav(3_000_000))));
    const open = async (): Promise<number> => {
      const fds = await readdir('/proc/self/fd').catch(() => []);
      const targets = await Promise.all(fds.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
      return targets.filter((target) => target.startsWith(folder)).length;
    };
    const stop = new AbortController();
    const run = verifyArchive(entries, { fast: false, now: NOW, signal: stop.signal });
    await run.next();
    stop.abort(new Error('stopped'));
    await expect(collect(run)).rejects.toThrow('stopped');
    expect(await open()).toBe(0);
    for await (const _ of verifyArchive(entries, { fast: false, now: NOW, signal: new AbortController().signal }))
      break;
    expect(await open()).toBe(0);
  });

  it('tells each kind of harm', async () => {
    const sound = wav(8000);
    const other = Buffer.from(sound);
    other[other.length - 1] = 0;
    const entries = await Promise.all(
      ['whole', 'gone', 'cut', 'changed', 'folder'].map((name) => save(`in/${name}.wav`, sound)),
    );
    entries.push(await save('in/page.wav', Buffer.from('<html>')));
    await rm(join(folder, 'in/gone.wav'));
    await writeFile(join(folder, 'in/cut.wav'), sound.subarray(0, -1));
    await writeFile(join(folder, 'in/changed.wav'), other);
    await rm(join(folder, 'in/folder.wav'));
    await mkdir(join(folder, 'in/folder.wav'));
    const harm = {
      'in/whole.wav': 'whole',
      'in/gone.wav': 'missing',
      'in/cut.wav': 'altered',
      'in/changed.wav': 'altered',
      'in/folder.wav': 'altered',
      'in/page.wav': 'damaged',
    };
    expect(await statesOf(entries)).toEqual(harm);
    // What only the content tells takes reading it.
    expect(await statesOf(entries, { fast: true })).toEqual({ ...harm, 'in/changed.wav': 'whole' });
  });

  it.skipIf(process.getuid?.() === 0)('tells a file that cannot be read from one that is gone', async () => {
    const entry = await save('in/locked.wav', wav(8000));
    await chmod(entry.file, 0);
    expect(await statesOf([entry])).toEqual({ 'in/locked.wav': 'unreadable' });
  });

  it('takes a loop of links for unreadable', async () => {
    const entry = await save('in/loop.wav', wav(8000));
    await rm(entry.file);
    await symlink(entry.file, entry.file);
    expect(await statesOf([entry])).toEqual({ 'in/loop.wav': 'unreadable' });
  });

  it('names what lies below the folder and is in no line, but neither sidecars nor hidden files', async () => {
    const entry = await save('in/deep/one.wav', wav(8000));
    const outside = await save('outside.wav', wav(8000));
    for (const name of ['one.wav.json', 'stray.wav', 'stray.wav.json', '.hidden.part']) {
      await writeFile(join(folder, 'in/deep', name), '');
    }
    expect(await statesOf([entry, outside], { folder: join(folder, 'in') })).toEqual({
      'in/deep/one.wav': 'whole',
      'in/deep/stray.wav': 'not-archived',
      'in/deep/stray.wav.json': 'not-archived',
    });
    expect(Object.keys(await statesOf([entry, outside]))).toEqual(['in/deep/one.wav', 'outside.wav']);
  });

  it('knows a folder by another path to it, and one that is gone', async () => {
    const entry = await save('in/deep/one.wav', wav(8000));
    await symlink(join(folder, 'in'), join(folder, 'link'));
    expect(await statesOf([entry], { folder: join(folder, 'link') })).toEqual({ 'in/deep/one.wav': 'whole' });
    await rm(join(folder, 'in'), { recursive: true });
    expect(await statesOf([entry], { folder: join(folder, 'in') })).toEqual({ 'in/deep/one.wav': 'missing' });
  });

  it('reads files of several megabytes to their end, and each by itself', async () => {
    const long = wav(2_500_000);
    const entries = [
      await save('in/long.wav', long),
      await save('in/late.wav', long),
      await save('in/short.wav', wav(8000)),
    ];
    const changed = Buffer.from(long);
    changed[2_400_000] = 0;
    await writeFile(join(folder, 'in/late.wav'), changed);
    expect(await statesOf(entries)).toEqual({
      'in/long.wav': 'whole',
      'in/late.wav': 'altered',
      'in/short.wav': 'whole',
    });
    expect(await statesOf(entries, { fast: true })).toMatchObject({ 'in/late.wav': 'whole' });
  });

  it('stops when it is told to', async () => {
    const entry = await save('in/one.wav', wav(8000));
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(statesOf([entry], { signal })).rejects.toThrow('stopped');
  });
});
