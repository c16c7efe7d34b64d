/**
 * A receiver on the file store as a process of its own, for tests that kill it: `node receiver-child.mjs FOLDER`. Uses the built
 * files. Prints `{"port":…}` once it listens; on SIGTERM it drains and ends with 0; a store that cannot be used ends it with the
 * error's exit code and one line on stderr. RECEIVER_SEGMENT_MS: age at which a new segment is begun.
 */
import { hostname } from 'node:os';
import { buildReceiver } from '../../dist/receiver/build-receiver.js';
import { startReceiver } from '../../dist/receiver/start-receiver.js';
import { JOURNAL_LIMITS } from '../../dist/store/file/journal-limits.js';
import { openFileStore } from '../../dist/store/file/open-file-store.js';

const now = () => new Date();
const segmentMs = Number(process.env.RECEIVER_SEGMENT_MS ?? JOURNAL_LIMITS.segmentMs);
const limits = { ...JOURNAL_LIMITS, segmentMs };
const store = await openFileStore({ folder: process.argv[2], now, pid: process.pid, hostname: hostname(), limits });
try {
  await store.journal.prepare();
  const handler = buildReceiver({ journal: store.journal, now });
  const receiver = await startReceiver({ handler, host: '127.0.0.1', port: 0 });
  process.once('SIGTERM', () => void receiver.close());
  process.stdout.write(`${JSON.stringify({ port: receiver.port })}\n`);
  await receiver.closed;
  await store.close();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode ?? 1;
}
