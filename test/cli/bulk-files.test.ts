import { link, mkdir, readdir, symlink } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openWorld, type World } from '../helpers/world.js';

const ROWS = 'a,b,x\n13800000001,13900000001,17000000201\n12,13900000002,17000000201\n';

function bind(world: World, ...flags: string[]) {
  return world.cli('-p', 'sandbox', 'bind', '--mode', 'axb', ...flags, '--yes', '--json');
}

async function openRows(): Promise<World> {
  const world = await openWorld();
  await world.write('rows.csv', ROWS);
  return world;
}

/** Nothing was planned, kept or sent. */
async function expectUntouched(world: World): Promise<void> {
  expect(await world.read('rows.csv')).toBe(ROWS);
  expect((await world.files()).filter((file) => file.includes('/jobs/') || file.includes('sandbox'))).toEqual([]);
}

describe('issue 6: --file, --out and --rejects', () => {
  it.each([
    ['the input itself', '--out', 'rows.csv'],
    ['the input by another path', '--rejects', './folder/../rows.csv'],
    ['a hard link of the input', '--out', 'hard.csv'],
    ['a symbolic link to the input', '--rejects', 'soft.csv'],
    ['the input in a folder behind a link', '--out', 'way/rows.csv'],
  ])('refuses to write over %s', async (_name, flag, file) => {
    const world = await openRows();
    await mkdir(world.path('folder'));
    await link(world.path('rows.csv'), world.path('hard.csv'));
    await symlink('rows.csv', world.path('soft.csv'));
    await symlink('.', world.path('way'));
    for (const more of [[], ['--dry-run']]) {
      const refused = await bind(world, '--file', 'rows.csv', flag, file, ...more);
      expect(refused.error).toMatchObject({
        code: 'flag-conflict',
        exitCode: 2,
        message: `${flag} ${file} is the same file as --file: it would be overwritten`,
      });
    }
    await expectUntouched(world);
  });

  it.each([
    ['a new file', 'new.csv', './new.csv'],
    ['a new file by a link of its folder', 'new.csv', 'way/new.csv'],
  ])('refuses to write both into %s', async (_name, out, rejects) => {
    const world = await openRows();
    await symlink('.', world.path('way'));
    const refused = await bind(world, '--file', 'rows.csv', '--out', out, '--rejects', rejects);
    expect(refused.error).toMatchObject({ code: 'flag-conflict', exitCode: 2 });
    await expectUntouched(world);
  });

  it('refuses a folder that is not there, and makes none', async () => {
    const world = await openRows();
    for (const flag of ['--out', '--rejects']) {
      const refused = await bind(world, '--file', 'rows.csv', flag, 'none/results.csv');
      expect(refused.error).toMatchObject({ code: 'flag-invalid', exitCode: 2 });
      expect((refused.error as { message: string }).message).toContain(`${flag} none/results.csv: there is no folder`);
    }
    expect(await readdir(world.home)).not.toContain('none');
    await expectUntouched(world);
  });

  it('refuses a folder in the place of a file, before anything is sent', async () => {
    const world = await openRows();
    await mkdir(world.path('folder'));
    const refused = await bind(world, '--file', 'rows.csv', '--out', 'folder');
    expect(refused.error).toMatchObject({ code: 'flag-invalid', exitCode: 2 });
    await expectUntouched(world);
  });

  it('refuses a folder that cannot be written, before anything is sent', async () => {
    const world = await openRows();
    // Nobody can make a file in /proc, not even root.
    const refused = await bind(world, '--file', 'rows.csv', '--out', '/proc/results.csv');
    expect(refused).toMatchObject({ code: 14, error: { exitCode: 14 } });
    expect((refused.error as { message: string }).message).toContain('cannot write --out /proc/results.csv');
    await expectUntouched(world);
  });

  it('jobs resume writes over neither its input nor one file twice', async () => {
    const world = await openRows();
    const done = await bind(world, '--file', 'rows.csv');
    const id = done.json.item.id as string;
    const resume = (...flags: string[]) => world.cli('-p', 'sandbox', 'jobs', 'resume', id, ...flags, '--json');
    expect((await resume('--out', 'rows.csv')).error).toMatchObject({ code: 'flag-conflict' });
    expect((await resume('--out', 'a.csv', '--rejects', './a.csv')).error).toMatchObject({ code: 'flag-conflict' });
    expect(await world.read('rows.csv')).toBe(ROWS);
    expect((await resume('--out', 'a.csv')).code).toBe(3);
    expect(await world.read('a.csv')).toContain('done');
  });

  it('leaves nothing beside the files it was asked for', async () => {
    const world = await openRows();
    await mkdir(world.path('results'));
    await bind(world, '--file', 'rows.csv', '--out', 'results/out.csv', '--rejects', 'results/bad.csv');
    expect((await readdir(world.path('results'))).sort()).toEqual(['bad.csv', 'out.csv']);
  });
});
