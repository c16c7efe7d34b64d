import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeLock } from '../../../src/disk/lock-file.js';
import { openSandboxFolder, type Sandbox, type SandboxFolderOptions } from '../../../src/sandbox/state-folder.js';
import { PATHS, read, request, startReceiver, START } from './client.js';

const X = '+8617000000201';
let folder = '';

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'sandbox-')), 'state', 'sandbox');
});

afterEach(async () => {
  await rm(join(folder, '../..'), { recursive: true, force: true });
});

function open(more: Partial<SandboxFolderOptions> = {}): Promise<Sandbox> {
  return openSandboxFolder({ folder, now: () => START, pid: process.pid, ...more });
}

async function bind(sandbox: Sandbox, index: number): Promise<string> {
  const body = { callerNum: `+86138${10_000_000 + index}`, calleeNum: `+86139${10_000_000 + index}`, relationNum: X };
  return (await read(await sandbox.handle(request('axb', 'POST', PATHS.axb, body)))).json.resultcode as string;
}

async function pairs(sandbox: Sandbox): Promise<number> {
  return (await sandbox.control.state()).axb.length;
}

describe('openSandboxFolder', () => {
  it('keeps the state for the next opening, for the owner alone', async () => {
    const first = await open({ seed: 5 });
    expect(await bind(first, 1)).toBe('0');
    await first.close();
    const second = await open({ seed: 6 });
    expect((await second.control.state()).seed).toBe(5);
    expect(await pairs(second)).toBe(1);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, 'state.json'))).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['state.json']);
  });

  it('loses nothing between openings that work at once', async () => {
    const sandboxes = await Promise.all([open(), open(), open()]);
    const codes = await Promise.all(
      sandboxes.flatMap((sandbox, one) => Array.from({ length: 20 }, (_, index) => bind(sandbox, one * 100 + index))),
    );
    expect(new Set(codes)).toEqual(new Set(['0']));
    for (const sandbox of sandboxes) expect(await pairs(sandbox)).toBe(60);
    const ids = (await sandboxes[0].control.state()).axb.map(({ id }) => id);
    expect(new Set(ids).size).toBe(60);
  });

  it('gives one answer to the same bind from two openings', async () => {
    const [one, two] = await Promise.all([open(), open()]);
    expect((await Promise.all([bind(one, 1), bind(two, 1)])).sort()).toEqual(['0', '1012010']);
  });

  it('names a damaged file, and starts afresh when told', async () => {
    const sandbox = await open();
    await bind(sandbox, 1);
    await writeFile(join(folder, 'state.json'), '{"version":1');
    await expect(sandbox.control.state()).rejects.toMatchObject({
      code: 'storage-failed',
      message: expect.stringContaining('state.json'),
      hint: { en: expect.stringContaining('sandbox reset') as string },
    });
    await sandbox.control.reset(9);
    expect((await sandbox.control.state()).seed).toBe(9);
  });

  it('does not read a state of another version', async () => {
    const sandbox = await open();
    await sandbox.control.clock();
    await writeFile(join(folder, 'state.json'), '{"version":2}');
    await expect(sandbox.control.state()).rejects.toMatchObject({ code: 'storage-failed' });
  });

  it.skipIf(process.getuid?.() === 0)('says when it may not write', async () => {
    await open();
    await chmod(folder, 0o500);
    await expect((await open()).control.clock()).rejects.toMatchObject({ code: 'storage-denied' });
    await chmod(folder, 0o700);
  });

  it('waits for another process, then names it', async () => {
    const sandbox = await open({ lockWaitMs: 50 });
    const lock = await takeLock(join(folder, 'lock'), { pid: process.pid, waitMs: 0 });
    await expect(sandbox.control.clock()).rejects.toMatchObject({
      code: 'storage-locked',
      message: expect.stringContaining(`process ${process.pid}`),
    });
    await lock.release();
    expect(await sandbox.control.clock()).toBe('2026-11-22T08:00:00.000Z');
  });

  it('breaks the lock of a process that has died', async () => {
    const sandbox = await open({ lockWaitMs: 0 });
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const lock = await takeLock(join(folder, 'lock'), { pid: child.pid!, waitMs: 0 });
    await expect(sandbox.control.clock()).rejects.toMatchObject({ code: 'storage-locked' });
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    expect(await sandbox.control.clock()).toBe('2026-11-22T08:00:00.000Z');
    expect(await lock.isMine()).toBe(false);
    await lock.release();
  });

  it('breaks a lock that nobody has touched for long, where the process is not known', async () => {
    const sandbox = await open({ lockWaitMs: 0 });
    const file = join(folder, 'lock');
    await writeFile(file, '{"pid":1,"token":"t"}');
    await expect(sandbox.control.clock()).rejects.toMatchObject({ code: 'storage-locked' });
    const old = new Date(Date.now() - 60_000);
    await utimes(file, old, old);
    expect(await sandbox.control.clock()).toBe('2026-11-22T08:00:00.000Z');
    expect(await readdir(folder)).toEqual(['state.json']);
  });

  it('sends the pushes of a call before it answers, and tries the failed ones at a later opening', async () => {
    let status = 500;
    const receiver = await startReceiver(() => ({ status }));
    try {
      let now = START;
      const sandbox = await open({ now: () => now });
      await sandbox.control.applications({ mode: 'axb', push: { cdr: `${receiver.url}/fee` } });
      await bind(sandbox, 1);
      const { pushes } = await sandbox.control.call({ from: '+8613810000001', to: X });
      expect(pushes).toMatchObject([{ kind: 'fee', state: 'waiting', attempts: 1, lastAnswer: 'HTTP 500' }]);
      expect(receiver.received).toHaveLength(1);
      status = 200;
      now = new Date(START.getTime() + 60_000);
      const later = await open({ now: () => now });
      await later.control.clock();
      expect(receiver.received).toHaveLength(2);
      expect(await later.control.pushes()).toMatchObject([{ state: 'delivered', attempts: 2 }]);
    } finally {
      await receiver.close();
    }
  });

  it('keeps no body of a push that is through', async () => {
    const receiver = await startReceiver();
    const sandbox = await open();
    await sandbox.control.applications({ mode: 'axb', push: { cdr: receiver.url } });
    await bind(sandbox, 1);
    await sandbox.control.call({ from: '+8613810000001', to: X });
    await receiver.close();
    expect(JSON.parse(await readFile(join(folder, 'state.json'), 'utf8')).pushes).toMatchObject([
      { state: 'delivered', body: '' },
    ]);
  });
});
