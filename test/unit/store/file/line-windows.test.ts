import { existsSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { INVENTORY_CODEC, type EntryCodec } from '../../../../src/store/file/entry-codecs.js';
import { PageError } from '../../../../src/store/file/index-pages.js';
import { openKeyedLog } from '../../../../src/store/file/keyed-log.js';
import { LineWindows } from '../../../../src/store/file/line-windows.js';
import type { InventoryEntry } from '../../../../src/store/inventory-entry.js';
import { bytesRead, IO } from '../../../helpers/bytes-read.js';
import { temporaryFolder } from '../samples.js';

const CODEC: EntryCodec<InventoryEntry> = { ...INVENTORY_CODEC, facts: ({ at }) => ({ terms: [], at: String(at) }) };

describe('LineWindows', () => {
  it('gives the bytes of any place, in any order', async () => {
    const file = join(await temporaryFolder(), 'lines');
    const handle = await open(file, 'w+');
    const bytes = Buffer.from(Array.from({ length: 700_000 }, (_, at) => at % 251));
    await handle.write(bytes);
    const windows = new LineWindows(handle.fd);
    const places = [0, 10, 650_000, 20, 650_101, 30, 262_100, 262_201, 699_900, 5, 300_000, 500_000, 300_101, 300_202];
    for (const start of places)
      expect(windows.read(start, start + 100).equals(bytes.subarray(start, start + 100)), `at ${start}`).toBe(true);
    expect(() => windows.read(699_950, 700_050)).toThrow(PageError);
    await handle.close();
  });

  it.skipIf(!existsSync(IO))(
    'reads a log little more than once although the latest line of every third key stands far behind',
    async () => {
      const file = join(await temporaryFolder(), 'ledger.ndjson');
      const written = openKeyedLog({ file, codec: INVENTORY_CODEC, pid: 1 });
      const entry = (n: number, city: string): InventoryEntry => ({
        key: `k${n}`,
        at: new Date(1_800_000_000_000 + n * 1000),
        city: city.padEnd(200, '.'),
        origins: ['import'],
      });
      const keys = Array.from({ length: 12_000 }, (_, n) => n);
      await written.append(keys.map((n) => entry(n, 'first')));
      await written.append(keys.filter((n) => n % 3 === 0).map((n) => entry(n, 'second')));
      const log = openKeyedLog({ file, codec: CODEC, pid: 1, unindexedBytes: 0 });
      expect(await log.findsQuickly?.()).toBe(true);
      const before = bytesRead();
      let second = 0;
      for await (const { city } of log.entries()) if (city?.startsWith('second') === true) second += 1;
      const read = bytesRead() - before;
      expect(second).toBe(4000);
      expect(read).toBeLessThan(3 * (await stat(file)).size);
    },
  );
});
