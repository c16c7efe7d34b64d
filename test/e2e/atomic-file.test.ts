import { spawnSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const CHILD = fileURLToPath(new URL('../helpers/atomic-child.mjs', import.meta.url));
const canTrace = spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status === 0;
/** Some processors have only the later ones. */
const RENAMES = '?rename,?renameat,?renameat2';
const why = canTrace ? '' : ' (skipped: no strace here)';

/** The calls that matter, each with the name of its file; descriptors are told apart by strace itself. */
function callsOf(trace: string, folder: string): string[] {
  return trace.split('\n').flatMap((line) => {
    const call = /(?<name>write|fchmod|fsync|rename)(?:at2?)?\((?:AT_FDCWD\S* )?(?:\d+<)?"?(?<path>[^">,]+)/.exec(
      line,
    )?.groups;
    if (call?.path?.startsWith(folder) !== true) return [];
    const kind = call.path === folder ? 'folder' : call.path.endsWith('.tmp') ? 'temporary' : 'file';
    return [`${call.name!} ${kind}`];
  });
}

describe.skipIf(!canTrace)(`a file that is replaced${why}`, () => {
  it('is synced before it takes its name, and its folder after that', async () => {
    const folder = await temporaryFolder();
    const log = join(await temporaryFolder(), 'trace');
    const trace = ['-f', '-qq', '-y', '-e', `trace=write,fchmod,fsync,${RENAMES}`, '-o', log];
    expect(spawnSync('strace', [...trace, process.execPath, CHILD, folder]).status).toBe(0);
    expect(callsOf(await readFile(log, 'utf8'), folder)).toEqual([
      'fchmod temporary',
      'write temporary',
      'write temporary',
      'fsync temporary',
      'rename temporary',
      'fsync folder',
    ]);
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('firstsecond');
  });

  it('stays as it was when the disk refuses the sync', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), 'old');
    const inject = ['-f', '-qq', '-o', '/dev/null', '-e', 'trace=fsync', '-e', 'inject=fsync:error=EIO'];
    const { status, stderr } = spawnSync('strace', [...inject, process.execPath, CHILD, folder], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([1, expect.stringContaining('EIO')]);
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['file']);
  });
});
