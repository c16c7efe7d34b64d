/**
 * Appends to the inventory of a file store, for tests of several processes: `node append-child.mjs FOLDER PREFIX COUNT`. Uses the
 * built files. Prints the key of each entry once it is durable.
 */
import { hostname } from 'node:os';
import { openFileStore } from '../../dist/store/file/open-file-store.js';

const [, , folder, prefix, count] = process.argv;
const store = await openFileStore({ folder, now: () => new Date(), pid: process.pid, hostname: hostname() });
for (let n = 0; n < Number(count); n += 1) {
  const key = `${prefix}-${n}`;
  await store.inventory.append([{ key, at: new Date(), origins: ['import'] }]);
  process.stdout.write(`${key}\n`);
}
await store.close();
