import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makePrivateFolder } from '../../../src/disk/private-folder.js';
import { syncFolder } from '../../../src/disk/sync-folder.js';
import { writeFileAtomic } from '../../../src/disk/write-file-atomic.js';
import { temporaryFolder } from '../../helpers/temporary-folder.js';

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

function withUmask(mask: number): void {
  const before = process.umask(mask);
  onTestFinished(() => void process.umask(before));
}

describe('writeFileAtomic', () => {
  it('makes the folder and the file, for the owner alone, under umask 000', async () => {
    withUmask(0);
    const folder = join(await temporaryFolder(), 'one', 'two');
    await writeFileAtomic(join(folder, 'file'), 'text');
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('text');
    expect(await modeOf(join(folder, 'file'))).toBe('600');
    expect(await modeOf(folder)).toBe('700');
    expect(await modeOf(join(folder, '..'))).toBe('700');
  });

  it('gives the mode asked for, under umask 077', async () => {
    withUmask(0o077);
    const path = join(await temporaryFolder(), 'file');
    await writeFileAtomic(path, new Uint8Array([0, 255]), 0o644);
    expect(await modeOf(path)).toBe('644');
    expect([...(await readFile(path))]).toEqual([0, 255]);
  });

  it('replaces what stands there, and leaves nothing else behind', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'file');
    await writeFile(path, 'a long old content');
    await writeFileAtomic(path, 'new');
    expect(await readFile(path, 'utf8')).toBe('new');
    expect(await readdir(folder)).toEqual(['file']);
  });

  it('replaces a link, not what it points to', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'target'), 'untouched');
    await symlink(join(folder, 'target'), join(folder, 'link'));
    await writeFileAtomic(join(folder, 'link'), 'new');
    expect(await readFile(join(folder, 'target'), 'utf8')).toBe('untouched');
    expect(await readFile(join(folder, 'link'), 'utf8')).toBe('new');
  });

  it('leaves nothing behind when it fails', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'occupied'));
    await expect(writeFileAtomic(join(folder, 'occupied'), 'text')).rejects.toMatchObject({ code: 'EISDIR' });
    expect(await readdir(folder)).toEqual(['occupied']);
  });

  it('rejects where the folder cannot be made', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');
    await expect(writeFileAtomic(join(folder, 'file', 'below'), 'text')).rejects.toMatchObject({
      code: expect.stringMatching(/ENOTDIR|EEXIST/) as string,
    });
  });
});

describe('makePrivateFolder', () => {
  it('leaves an existing folder as it is', async () => {
    const folder = await temporaryFolder();
    await chmod(folder, 0o755);
    await makePrivateFolder(folder);
    expect(await modeOf(folder)).toBe('755');
  });

  it('makes what is missing above it too, for the owner alone', async () => {
    const folder = await temporaryFolder();
    await makePrivateFolder(join(folder, 'a', 'b', 'c'));
    for (const made of ['a', 'a/b', 'a/b/c']) expect(await modeOf(join(folder, made))).toBe('700');
  });

  it('rejects where a file is in the place of a folder', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFileAtomic(file, 'text');
    await expect(makePrivateFolder(file)).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makePrivateFolder(join(file, 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it('rejects where a link leads nowhere, as to a disk that is not there', async () => {
    const folder = await temporaryFolder();
    await symlink(join(folder, 'none'), join(folder, 'link'));
    for (const path of ['link', 'link/below'])
      await expect(makePrivateFolder(join(folder, path))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await readdir(folder)).toEqual(['link']);
  });

  it('makes one for several at the same time', async () => {
    const folder = join(await temporaryFolder(), 'a', 'b', 'c');
    await Promise.all(Array.from({ length: 8 }, () => makePrivateFolder(folder)));
    for (const made of ['', '..', '../..']) expect(await modeOf(join(folder, made))).toBe('700');
  });

  it.runIf(process.platform === 'linux')('rejects where the system lets no folder be made', async () => {
    await expect(makePrivateFolder('/proc/.config/privacy-call')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('syncFolder', () => {
  it('resolves for a folder, rejects for none', async () => {
    const folder = await temporaryFolder();
    await expect(syncFolder(folder)).resolves.toBeUndefined();
    await expect(syncFolder(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
