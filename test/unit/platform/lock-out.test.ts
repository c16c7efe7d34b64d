import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockedOutError, openLockOutFile } from '../../../src/platform/lock-out.js';

const until = new Date('2026-07-01T00:30:00Z');
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'privacy-call-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('openLockOutFile', () => {
  it('remembers a host beyond the process, and forgets when the time has come', async () => {
    let now = new Date('2026-07-01T00:00:00Z');
    await openLockOutFile(folder, () => now).record('platform.example:443', until);
    const later = openLockOutFile(folder, () => now);
    expect(await later.check('platform.example:443')).toEqual(until);
    expect(await later.check('other.example')).toBeUndefined();
    now = until;
    expect(await later.check('platform.example:443')).toBeUndefined();
  });

  it('keeps one JSON file a host, for its owner alone', async () => {
    await openLockOutFile(folder, () => until).record('[::1]:8443', until);
    const [name = '', ...others] = await readdir(folder);
    expect(others).toEqual([]);
    expect(JSON.parse(await readFile(join(folder, name), 'utf8'))).toEqual({
      host: '[::1]:8443',
      until: '2026-07-01T00:30:00.000Z',
    });
    expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
  });

  it('takes a damaged file for none', async () => {
    await writeFile(join(folder, 'lock-out-h'), '{"until":"soon"}');
    await writeFile(join(folder, 'lock-out-h.json'), '{"host":"h","until":"soon"}');
    expect(await openLockOutFile(folder, () => until).check('h')).toBeUndefined();
  });

  it('says so when it cannot keep it', async () => {
    await writeFile(join(folder, 'file'), '');
    const lockOut = openLockOutFile(join(folder, 'file'), () => until);
    await expect(lockOut.record('h', until)).rejects.toMatchObject({ code: 'storage-failed' });
  });
});

describe('lockedOutError', () => {
  it('names the end in UTC and in Beijing', () => {
    const error = lockedOutError('platform.example', until);
    expect(error.exitCode).toBe(12);
    expect(error.message).toBe(
      'platform.example blocks this IP address after repeated signature failures until 2026-07-01 00:30:00 UTC (2026-07-01 08:30:00 Beijing time)',
    );
    expect(error.words).toHaveProperty(
      'zh',
      'platform.example 因鉴权多次失败拒绝本机 IP，直到北京时间 2026-07-01 08:30:00（UTC 2026-07-01 00:30:00）',
    );
  });
});
