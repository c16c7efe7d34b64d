import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { FileJournal, type FileJournalOptions } from '../../../src/store/file/file-journal.js';
import type { IncomingPush, Journal, JournalDamage, JournalQuery, StoredPush } from '../../../src/store/journal.js';

export const ARRIVED_AT = new Date('2026-11-22T08:00:00.123Z');

/** An empty folder that is removed when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'privacy-call-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export function push(body: string | Uint8Array, more: Partial<IncomingPush> = {}): IncomingPush {
  return {
    at: ARRIVED_AT,
    kind: 'fee',
    key: undefined,
    remote: '192.0.2.1',
    path: '/fee',
    headers: { 'content-type': 'application/json;charset=UTF-8' },
    bytes: Buffer.from(body as string),
    ...more,
  };
}

/** A journal whose clock stands still, closed when the test ends. */
export function openJournal(folder: string, more: Partial<FileJournalOptions> = {}): FileJournal {
  const journal = new FileJournal({ folder, now: () => ARRIVED_AT, pid: 4242, hostname: 'host', ...more });
  onTestFinished(() => journal.close());
  return journal;
}

/** Everything that a query gives, with the damage it met. */
export async function readAll(
  journal: Pick<Journal, 'read'>,
  query: JournalQuery = {},
): Promise<{ pushes: StoredPush[]; damage: JournalDamage[] }> {
  const damage: JournalDamage[] = [];
  const pushes: StoredPush[] = [];
  for await (const stored of journal.read({ onDamage: (found) => damage.push(found), ...query })) pushes.push(stored);
  return { pushes, damage };
}

export function textOf(stored: Pick<IncomingPush, 'bytes'>): string {
  return Buffer.from(stored.bytes).toString('utf8');
}
