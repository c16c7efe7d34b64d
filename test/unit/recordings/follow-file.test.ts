import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildFollow, type FollowFile, type FollowOptions } from '../../../src/recordings/follow-file.js';
import { runCommand } from '../../../src/recordings/run-command.js';
import type { RecordingItem } from '../../../src/recordings/plan-recordings.js';
import type { ArchiveEntry } from '../../../src/store/archive-entry.js';
import type { RecordingNote } from '../../../src/store/recording-note.js';

const AT = new Date('2026-07-20T08:00:00Z');
const { signal } = new AbortController();

let folder: string;
let entry: ArchiveEntry;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'follow-'));
  const file = join(folder, 'call one.wav');
  await writeFile(file, 'RIFF');
  entry = { key: 'd.example/原.wav', at: AT, file, sizeBytes: 4, sha256: 'ab12', durationSeconds: 1.5 };
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

function item(state?: RecordingNote['state']): RecordingItem {
  const note = state === undefined ? undefined : { key: entry.key, at: AT, state };
  const recording = { fileName: '原.wav', domain: 'd.example' };
  const record = { kind: 'CallRecord', outcome: 'answered', sessionId: 's-1', recording, raw: { x: '1' } } as const;
  return { key: entry.key, record, fetchBy: undefined, basis: 'unknown', note };
}

function follow(options: Partial<FollowOptions>): FollowFile {
  const { PATH } = process.env;
  const found = buildFollow({ sidecar: false, cwd: folder, env: { PATH }, ...options });
  if (found === undefined) throw new Error('nothing to do');
  return found;
}

/** A command that writes its environment into a file. */
const tell = ['node', '-e', 'require("fs").writeFileSync("told.json", JSON.stringify(process.env))'];

describe('buildFollow', () => {
  it('has nothing to do without sidecar and command', () => {
    expect(buildFollow({ sidecar: false, cwd: folder, env: {} })).toBeUndefined();
  });

  it('writes a sidecar that leads from the name on the disk to that on the platform, for the owner alone', async () => {
    const { sidecar = '' } = (await follow({ sidecar: true })({ entry, item: item(), fresh: true }, signal)) ?? {};
    expect(sidecar).toBe(`${entry.file}.json`);
    expect(JSON.parse(await readFile(sidecar, 'utf8'))).toEqual({
      kind: 'RecordingSidecar',
      file: 'call one.wav',
      key: 'd.example/原.wav',
      fileName: '原.wav',
      domain: 'd.example',
      sizeBytes: 4,
      sha256: 'ab12',
      durationSeconds: 1.5,
      savedAt: '2026-07-20T08:00:00.000Z',
      record: item().record,
    });
    expect((await stat(sidecar)).mode & 0o777).toBe(0o600);
  });

  it('writes a sidecar for a file of before only where it is missing', async () => {
    const known = { entry, item: item(), fresh: false };
    expect(await follow({ sidecar: true })(known, signal)).toMatchObject({ sidecar: `${entry.file}.json` });
    expect(await follow({ sidecar: true })(known, signal)).toBeUndefined();
    await rm(entry.file);
    await rm(`${entry.file}.json`);
    expect(await follow({ sidecar: true })(known, signal)).toBeUndefined();
  });

  it('tells the command the facts, and not the credentials', async () => {
    const env = { PATH: process.env.PATH, PRIVACY_CALL_APP_KEY: 'k', PRIVACY_CALL_APP_SECRET: 's', OTHER: 'kept' };
    const run = follow({ sidecar: true, command: tell, env });
    expect(await run({ entry, item: item(), fresh: true }, signal)).toEqual({ sidecar: `${entry.file}.json` });
    const told = JSON.parse(await readFile(join(folder, 'told.json'), 'utf8')) as Record<string, string>;
    expect(told).toMatchObject({
      OTHER: 'kept',
      PRIVACY_CALL_FILE: entry.file,
      PRIVACY_CALL_SIDECAR: `${entry.file}.json`,
      PRIVACY_CALL_KEY: 'd.example/原.wav',
      PRIVACY_CALL_SHA256: 'ab12',
      PRIVACY_CALL_BYTES: '4',
      PRIVACY_CALL_SECONDS: '1.5',
      PRIVACY_CALL_SESSION: 's-1',
    });
    expect(Object.keys(told).filter((name) => /SECRET|APP_KEY/.test(name))).toEqual([]);
  });

  it('runs a command again for a file of before only where it failed', async () => {
    const run = follow({ command: tell });
    expect(await run({ entry, item: item(), fresh: false }, signal)).toBeUndefined();
    expect(await run({ entry, item: item('command-failed'), fresh: false }, signal)).toEqual({});
  });
});

describe('a command that was due', () => {
  const due = (): ArchiveEntry => ({ ...entry, commandDue: true });

  it('runs for a file of before, and the archive is told once it has ended well', async () => {
    const done: string[] = [];
    const run = follow({ command: tell, commandDone: ({ key }) => Promise.resolve(void done.push(key)) });
    expect(await run({ entry: due(), item: item(), fresh: false }, signal)).toEqual({});
    expect(done).toEqual([entry.key]);
    expect(await run({ entry, item: item('command-failed'), fresh: false }, signal)).toEqual({});
    expect(done).toEqual([entry.key]);
  });

  it('stays due when it fails', async () => {
    const done: string[] = [];
    const command = ['node', '-e', 'process.exit(3)'];
    const run = follow({ command, commandDone: ({ key }) => Promise.resolve(void done.push(key)) });
    const followUp = await run({ entry: due(), item: item(), fresh: true }, signal);
    expect([followUp, done]).toEqual([{ commandError: { zh: '命令以 3 退出', en: 'the command ended with 3' } }, []]);
  });

  it('stays due in a run without a command', async () => {
    const done: string[] = [];
    const run = follow({ sidecar: true, commandDone: ({ key }) => Promise.resolve(void done.push(key)) });
    expect(await run({ entry: due(), item: item(), fresh: false }, signal)).toMatchObject({});
    expect(done).toEqual([]);
  });
});

describe('runCommand', () => {
  const run = async (words: readonly string[], stop = signal): Promise<string | undefined> =>
    (await runCommand({ words, cwd: folder, env: { PATH: process.env.PATH }, signal: stop }))?.en;

  it.each([
    [['node', '-e', ''], undefined],
    [['node', '-e', 'process.exit(3)'], 'the command ended with 3'],
    [['node', '-e', 'console.error("one\\ntwo"); process.exit(1)'], 'the command ended with 1: two'],
    [['no-such-program-anywhere'], 'no-such-program-anywhere cannot be run: ENOENT'],
  ])('%j: %s', async (words, expected) => {
    expect(await run(words)).toBe(expected);
  });

  it('sees no shell', async () => {
    expect(await run(['node', '-e', 'process.exit(process.argv[1] === "$(id) | *" ? 0 : 1)', '$(id) | *'])).toBe(
      undefined,
    );
  });

  it('ends a command that does not want to end', async () => {
    const stubborn = `process.on('SIGTERM', () => {}); require('fs').writeFileSync('up', ''); setInterval(() => {}, 1000)`;
    const stop = new AbortController();
    const ended = run(['node', '-e', stubborn], stop.signal);
    while ((await stat(join(folder, 'up')).catch(() => undefined)) === undefined) await new Promise(setImmediate);
    stop.abort();
    expect(await ended).toBe('the command was ended by SIGKILL');
  });
});
