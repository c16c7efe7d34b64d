import { existsSync } from 'node:fs';
import { appendFile, chmod, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { TextPair } from '../../../../src/domain/text-pair.js';
import { openFileStore } from '../../../../src/store/file/open-file-store.js';
import type { Store } from '../../../../src/store/store.js';
import { ARRIVED_AT, push, readAll, temporaryFolder, textOf } from '../samples.js';

async function openStore(folder: string, notes: string[] = []): Promise<Store> {
  const options = { now: () => ARRIVED_AT, pid: 1, hostname: 'host', onNote: ({ en }: TextPair) => notes.push(en) };
  const store = await openFileStore({ folder, ...options });
  onTestFinished(() => store.close());
  return store;
}

describe('openFileStore', () => {
  it('leaves no files behind a reading command', async () => {
    const folder = join(await temporaryFolder(), 'data');
    const store = await openStore(folder);
    await readAll(store.journal);
    await store.ledger.get('x');
    expect(await store.health()).toEqual({ durable: true, location: folder, notes: [] });
    await store.close();
    expect(existsSync(folder)).toBe(false);
  });

  it.each([
    ['a file', 'file'],
    ['a folder under a file', 'file/data'],
  ])('is not durable in %s', async (_what, path) => {
    const parent = await temporaryFolder();
    await writeFile(join(parent, 'file'), '');
    const folder = join(parent, path);
    const file = join(parent, 'file');
    expect(await (await openStore(folder)).health()).toEqual({
      durable: false,
      location: folder,
      notes: [{ zh: `无法写入：${file} 不是目录`, en: `cannot be written: ${file} is no folder` }],
    });
  });

  it.skipIf(process.platform !== 'linux')('is not durable where nothing more fits, made or to be made', async () => {
    // Nothing can be kept there: no block is free, and only the kernel makes folders.
    for (const folder of ['/proc', '/proc/none']) {
      expect(await (await openStore(folder)).health()).toMatchObject({ durable: false, location: folder });
    }
  });

  it('keeps everything in its folder, and finds it again', async () => {
    const folder = join(await temporaryFolder(), 'data');
    const store = await openStore(folder);
    await store.journal.append(push('{"n":1}'));
    await store.ledger.append([
      {
        key: 'axb:1',
        at: ARRIVED_AT,
        mode: 'axb',
        action: 'bind',
        state: 'active',
        binding: { kind: 'Binding', subscriptionId: '1', mode: 'axb', createdAt: ARRIVED_AT, expiresAt: null },
      },
    ]);
    await store.inventory.append([{ key: '+8617000000101', at: ARRIVED_AT, origins: ['bind'] }]);
    await store.archive.append([{ key: 'd/f', at: ARRIVED_AT, file: '/f', sizeBytes: 1, sha256: '00' }]);
    await store.close();
    expect((await readdir(folder)).sort()).toEqual(['archive.ndjson', 'inventory.ndjson', 'journal', 'ledger.ndjson']);
    const again = await openStore(folder);
    expect((await readAll(again.journal)).pushes.map(textOf)).toEqual(['{"n":1}']);
    expect(await again.ledger.get('axb:1')).toMatchObject({ binding: { createdAt: ARRIVED_AT, expiresAt: null } });
    expect(await again.inventory.get('+8617000000101')).toMatchObject({ at: ARRIVED_AT });
    expect(await again.archive.get('d/f')).toMatchObject({ file: '/f' });
  });

  it('notes a damaged line with file and number', async () => {
    const folder = await temporaryFolder();
    const notes: string[] = [];
    await appendFile(join(folder, 'ledger.ndjson'), 'damage\n');
    const store = await openStore(folder, notes);
    expect(await store.ledger.get('x')).toBeUndefined();
    expect(notes).toEqual([`${join(folder, 'ledger.ndjson')}:1: the line is incomplete; the line was left out`]);
  });

  it('says in its health what was set aside', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'ledger.damaged'), 'one\ntwo\n');
    const store = await openStore(folder);
    expect((await store.health()).notes).toEqual([
      {
        zh: `2 行损坏的数据已移到 ${join(folder, 'ledger.damaged')}`,
        en: `2 damaged lines were set aside in ${join(folder, 'ledger.damaged')}`,
      },
    ]);
  });

  it('is not durable after a refused write, and again after one that holds', async () => {
    const folder = await temporaryFolder();
    await chmod(folder, 0o755);
    await writeFile(join(folder, 'journal'), '');
    const store = await openStore(folder);
    await expect(store.journal.append(push('{}'))).rejects.toMatchObject({ exitCode: 14 });
    const health = await store.health();
    expect(health.durable).toBe(false);
    expect(health.notes.map(({ en }) => en)).toEqual([
      'the last write to the journal was refused',
      `other users may enter ${folder}: chmod 700 it`,
    ]);
  });
});
