import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { syncFolder } from '../../../src/disk/sync-folder.js';

const folder = await mkdtemp(join(tmpdir(), 'sync-folder-'));
afterAll(() => rm(folder, { recursive: true }));

describe('syncFolder', () => {
  it('shares the next sync among those who ask while one is under way, and begins anew for those who come later', async () => {
    const first = syncFolder(folder);
    const [second, third] = [syncFolder(folder), syncFolder(folder)];
    expect(second).toBe(third);
    expect(second).not.toBe(first);
    await Promise.all([first, second]);
    const later = syncFolder(folder);
    expect(later).not.toBe(second);
    await later;
  });

  it('tells every one of them what failed', async () => {
    const gone = join(folder, 'gone');
    const results = await Promise.allSettled([syncFolder(gone), syncFolder(gone), syncFolder(gone)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await expect(syncFolder(gone)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
