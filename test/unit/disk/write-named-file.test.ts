import { execFileSync } from 'node:child_process';
import { lstat, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tryNamedFile, writeNamedFile } from '../../../src/disk/write-named-file.js';
import { temporaryFolder } from '../../helpers/temporary-folder.js';

describe('writeNamedFile', () => {
  it('writes into a pipe, which stays one', async () => {
    const pipe = join(await temporaryFolder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    const [read] = await Promise.all([readFile(pipe, 'utf8'), writeNamedFile(pipe, 'report')]);
    expect(read).toBe('report');
    expect((await lstat(pipe)).isFIFO()).toBe(true);
  });

  it('replaces what a link leads to, not the link', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'old'), 'old');
    await symlink('old', join(folder, 'link'));
    await writeNamedFile(join(folder, 'link'), 'new', 0o644);
    expect(await readFile(join(folder, 'old'), 'utf8')).toBe('new');
    expect((await lstat(join(folder, 'link'))).isSymbolicLink()).toBe(true);
    expect((await lstat(join(folder, 'old'))).mode & 0o777).toBe(0o644);
  });

  it('makes what is not there, and replaces no folder', async () => {
    const folder = await temporaryFolder();
    await writeNamedFile(join(folder, 'new'), 'text');
    expect(await readFile(join(folder, 'new'), 'utf8')).toBe('text');
    await expect(writeNamedFile(folder, 'text')).rejects.toMatchObject({ syscall: 'rename' });
  });
});

describe('tryNamedFile', () => {
  it('leaves a file as it is, and nothing beside it', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'old'), 'old');
    await tryNamedFile(join(folder, 'old'));
    await tryNamedFile(join(folder, 'new'));
    expect(await readdir(folder)).toEqual(['old']);
    expect(await readFile(join(folder, 'old'), 'utf8')).toBe('old');
  });

  it('does not wait for the reader of a pipe', async () => {
    const pipe = join(await temporaryFolder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    await tryNamedFile(pipe);
    expect((await lstat(pipe)).isFIFO()).toBe(true);
  });

  it('rejects a folder, and a file below a file', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'old'), 'old');
    await expect(tryNamedFile(folder)).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(tryNamedFile(join(folder, 'old', 'new'))).rejects.toMatchObject({ code: 'EEXIST' });
  });
});
