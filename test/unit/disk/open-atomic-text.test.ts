import { chmod, mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openAtomicText } from '../../../src/disk/open-atomic-text.js';
import { temporaryFolder } from '../../helpers/temporary-folder.js';

describe('openAtomicText', () => {
  it('shows the old file until the new one is whole', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'file');
    await writeFile(path, 'old');
    await chmod(path, 0o644);
    const text = await openAtomicText(path);
    const lines = Array.from({ length: 20_000 }, (_, n) => `line ${n} 号码\n`);
    for (const line of lines) await text.write(line);
    expect(await readFile(path, 'utf8')).toBe('old');
    await text.commit();
    await text.discard();
    expect(await readFile(path, 'utf8')).toBe(lines.join(''));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['file']);
  });

  it('is written in the encoding asked for', async () => {
    const path = join(await temporaryFolder(), 'file');
    const text = await openAtomicText(path, (piece) => Buffer.from(piece, 'utf16le'));
    await text.write('号');
    await text.write('码');
    await text.commit();
    expect(await readFile(path, 'utf16le')).toBe('号码');
  });

  it('leaves the old file and nothing else where it is given up', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), 'old');
    const text = await openAtomicText(join(folder, 'file'));
    await text.write('x'.repeat(100_000));
    await text.discard();
    await expect(text.commit()).rejects.toMatchObject({ code: 'EBADF' });
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['file']);
  });

  it('leaves nothing behind when its place is taken or its folder gone', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'occupied'));
    const blocked = await openAtomicText(join(folder, 'occupied'));
    await expect(blocked.commit()).rejects.toMatchObject({ code: 'EISDIR' });
    expect(await readdir(folder)).toEqual(['occupied']);
    const moved = await openAtomicText(join(folder, 'below', 'file'));
    await rename(join(folder, 'below'), join(folder, 'elsewhere'));
    await expect(moved.commit()).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
