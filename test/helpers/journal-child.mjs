/**
 * Appends pushes to a journal whose groups hold one push each, all in one turn, for tests that let a sync fail:
 * `node journal-child.mjs FOLDER KEY…`. Uses the built files. Prints for each push in order how it was kept, or `refused`; a key that is
 * given twice is a duplicate.
 */
import { hostname } from 'node:os';
import { FileJournal } from '../../dist/store/file/file-journal.js';
import { JOURNAL_LIMITS } from '../../dist/store/file/journal-limits.js';

const [, , folder, ...keys] = process.argv;
const limits = { ...JOURNAL_LIMITS, groupBytes: 1 };
const journal = new FileJournal({ folder, now: () => new Date(), pid: process.pid, hostname: hostname(), limits });
const appended = await Promise.allSettled(
  keys.map((key) =>
    journal.append({
      at: new Date(),
      kind: 'fee',
      key,
      remote: '127.0.0.1',
      path: '/fee',
      headers: {},
      bytes: Buffer.from(JSON.stringify({ key })),
    }),
  ),
);
await journal.close();
process.stdout.write(JSON.stringify(appended.map(({ value }) => value ?? 'refused')));
