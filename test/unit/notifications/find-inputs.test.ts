import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EMPTY_FOLDER } from '../../../src/domain/read-reason.js';
import { isAppError } from '../../../src/errors.js';
import { findInputs } from '../../../src/notifications/find-inputs.js';
import { pieces } from './notification-text.js';

const { signal } = new AbortController();

let cwd = '';
const stdin = pieces(Buffer.from('{}'));

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'find-inputs-'));
  await mkdir(join(cwd, 'logs/2026-11-22/deep'), { recursive: true });
  await mkdir(join(cwd, 'empty'));
  const names = [
    'a.json',
    'b.JSON.gz',
    'image.png',
    'odd[1].json',
    'logs/z.ndjson',
    'logs/2026-11-22/a.log',
    'logs/2026-11-22/deep/b.cdr',
    'logs/.hidden.json',
  ];
  for (const name of names) await writeFile(join(cwd, name), name);
});

afterAll(async () => {
  await rm(cwd, { recursive: true, force: true });
});

async function names(...patterns: string[]): Promise<string[]> {
  return (await findInputs(patterns, { cwd, stdin, signal })).map(({ name }) => name);
}

describe('findInputs', () => {
  it.each<[string[], string[]]>([
    [['image.png'], ['image.png']],
    [
      ['b.JSON.gz', 'a.json', 'a.json'],
      ['b.JSON.gz', 'a.json'],
    ],
    [['logs'], ['logs/.hidden.json', 'logs/2026-11-22/a.log', 'logs/2026-11-22/deep/b.cdr', 'logs/z.ndjson']],
    [['*.json'], ['a.json', 'odd[1].json']],
    [['?.json'], ['a.json']],
    [['odd[1].json'], ['odd[1].json']],
    [['logs/**/*.log'], ['logs/2026-11-22/a.log']],
    [['**/*.cdr'], ['logs/2026-11-22/deep/b.cdr']],
    [['logs/**'], ['logs/2026-11-22/a.log', 'logs/2026-11-22/deep/b.cdr', 'logs/z.ndjson']],
    [['logs/2026-*'], ['logs/2026-11-22/a.log', 'logs/2026-11-22/deep/b.cdr']],
    [
      ['logs/2026-*/*.log', './a.json'],
      ['logs/2026-11-22/a.log', 'a.json'],
    ],
    [
      ['-', 'a.json'],
      ['stdin', 'a.json'],
    ],
    [['empty'], []],
    [[], []],
  ])('%j', async (patterns, expected) => {
    expect(await names(...patterns)).toEqual(expected);
  });

  it('names an absolute path as it was given', async () => {
    expect(await names(join(cwd, 'a.json'))).toEqual([join(cwd, 'a.json')]);
  });

  it.each([
    ['missing.json', 'no such file or folder: missing.json'],
    ['a.json/below', 'no such file or folder: a.json/below'],
    ['logs/*.csv', 'no file matches logs/*.csv'],
    ['nowhere/**', 'no file matches nowhere/**'],
    ['', 'no such file or folder: ""'],
  ])('refuses %s', async (pattern, message) => {
    const failure: unknown = await names(pattern).catch((error: unknown) => error);
    expect(isAppError(failure, 'input-unreadable')).toBe(true);
    expect((failure as Error).message).toBe(message);
  });

  it.each([
    ['empty', 'empty'],
    ['logs/2026-11-22/deep/*', 'logs/2026-11-22/deep/c'],
  ])('tells of a folder with nothing to read: %s', async (pattern, file) => {
    await mkdir(join(cwd, 'logs/2026-11-22/deep/c'), { recursive: true });
    const told: unknown[] = [];
    await findInputs([pattern], { cwd, stdin, signal, onProblem: (problem) => told.push(problem) });
    expect(told).toEqual([{ file, line: 0, reason: EMPTY_FOLDER }]);
    await rm(join(cwd, 'logs/2026-11-22/deep/c'), { recursive: true });
  });

  it('reads what it names to people who ask for a folder', async () => {
    const endings = EMPTY_FOLDER.match(/\.[a-z]+/g) ?? [];
    await mkdir(join(cwd, 'every'));
    for (const ending of endings) await writeFile(join(cwd, 'every', `a${ending}`), '');
    expect(await names('every')).toEqual(endings.map((ending) => `every/a${ending}`).sort());
  });

  it('reads no pipe that it finds in a folder, and tells of links that lead nowhere in a circle', async () => {
    await mkdir(join(cwd, 'odd'));
    await writeFile(join(cwd, 'odd/a.json'), '{}');
    execFileSync('mkfifo', [join(cwd, 'odd/b.json')]);
    await symlink('c.json', join(cwd, 'odd/c.json'));
    const told: unknown[] = [];
    const inputs = await findInputs(['odd'], { cwd, stdin, signal, onProblem: (problem) => told.push(problem) });
    expect(inputs.map(({ name }) => name)).toEqual(['odd/a.json']);
    expect(told).toEqual([{ file: 'odd/c.json', line: 0, reason: 'its links lead in a circle' }]);
  });

  it('reads the file, and says so when it is gone by then', async () => {
    await writeFile(join(cwd, 'soon.txt'), 'content');
    const [input] = await findInputs(['soon.txt'], { cwd, stdin, signal });
    const read = async (): Promise<string> => {
      const parts: Uint8Array[] = [];
      for await (const part of input!.open()) parts.push(part);
      return Buffer.concat(parts).toString();
    };
    expect(await read()).toBe('content');
    await rm(join(cwd, 'soon.txt'));
    await expect(read()).rejects.toMatchObject({
      code: 'input-unreadable',
      message: 'cannot read soon.txt: there is no such file',
    });
  });
});
