import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseExec } from '../../../src/commands/exec-flag.js';
import { temporaryFolder } from '../store/samples.js';

describe('--exec', () => {
  it('is split, and its program must be a file that can be run', async () => {
    const cwd = await temporaryFolder();
    const bin = join(cwd, 'bin');
    await mkdir(join(bin, 'folder'), { recursive: true });
    await writeFile(join(bin, 'save'), '#!/bin/sh\n');
    await writeFile(join(bin, 'plain'), '');
    await chmod(join(bin, 'save'), 0o755);
    await chmod(join(bin, 'plain'), 0o644);
    const env = { PATH: `/nowhere:${bin}` };
    expect(parseExec('save --to "s 3"', { cwd, env })).toEqual(['save', '--to', 's 3']);
    expect(parseExec('bin/save', { cwd, env })).toEqual(['bin/save']);
    expect(parseExec(`'${join(bin, 'save')}'`, { cwd, env: {} })).toEqual([join(bin, 'save')]);
    for (const program of ['sve', 'plain', 'folder', './save', 'bin/sve'])
      expect(() => parseExec(program, { cwd, env })).toThrow(`there is no program ${program} that can be run`);
    expect(() => parseExec('save "a', { cwd, env })).toThrow('a quote is not closed');
    // Where to look is not known then.
    expect(parseExec('sve', { cwd, env: {} })).toEqual(['sve']);
  });
});
