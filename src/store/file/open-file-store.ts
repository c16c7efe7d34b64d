import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalDamage, KeyedLog, Store, StoreHealth } from '../store.js';
import { ARCHIVE_CODEC, INVENTORY_CODEC, LEDGER_CODEC, RECORDING_NOTE_CODEC, type EntryCodec } from './entry-codecs.js';
import { FileJournal, type JournalLimits } from './file-journal.js';
import { openKeyedLog } from './keyed-log.js';

/** Below this a receiver is about to refuse pushes. */
const LOW_SPACE_BYTES = 256 * 1024 * 1024;

/** Options of {@link openFileStore}. */
export interface FileStoreOptions {
  /** Data folder of the profile, absolute. */
  readonly folder: string;
  readonly now: () => Date;
  readonly pid: number;
  readonly hostname: string;
  /** Told what a person should know: lines that could not be read, for one. */
  readonly onNote?: ((note: string) => void) | undefined;
  /** Told how much of the ledger is indexed, from 0 to 1, where that takes a while. At 1 the work is over. */
  readonly onIndexing?: ((part: number) => void) | undefined;
  readonly limits?: JournalLimits | undefined;
}

/**
 * The store in plain files: `journal/`, `ledger.ndjson`, `inventory.ndjson`, `archive.ndjson`, `recording-notes.ndjson`. Opening makes nothing; folders (0700)
 * and files (0600) come with the first write. Several processes may use one folder.
 */
export function openFileStore(options: FileStoreOptions): Promise<Store> {
  const { folder, pid, onNote, onIndexing } = options;
  const onDamage = ({ file, line, reason }: JournalDamage): void =>
    onNote?.(`${file}:${line}: ${reason}; the line was left out`);
  const log = <T extends { readonly key: string }>(name: string, codec: EntryCodec<T>): KeyedLog<T> =>
    openKeyedLog({ file: join(folder, `${name}.ndjson`), codec, pid, onIndexing, onDamage });
  const journal = new FileJournal({ ...options, onDamage });
  const logs = {
    ledger: log('ledger', LEDGER_CODEC),
    inventory: log('inventory', INVENTORY_CODEC),
    archive: log('archive', ARCHIVE_CODEC),
    recordingNotes: log('recording-notes', RECORDING_NOTE_CODEC),
  };
  return Promise.resolve({
    journal,
    ...logs,
    health: async () => {
      const { notes, ...health } = await healthOf(folder, journal.healthy);
      return { ...health, notes: [...notes, ...(await damageNotes(Object.values(logs)))] };
    },
    close: () => journal.close(),
  });
}

/** What a compaction has found damaged and set aside. */
async function damageNotes(logs: readonly Pick<KeyedLog<{ readonly key: string }>, 'damage'>[]): Promise<string[]> {
  const notes: string[] = [];
  for (const log of logs) {
    const damage = await log.damage?.().catch(() => undefined);
    if (damage !== undefined && damage.setAside > 0)
      notes.push(`${damage.setAside} damaged lines were set aside in ${damage.aside}`);
  }
  return notes;
}

async function healthOf(folder: string, journalHealthy: boolean): Promise<StoreHealth> {
  const notes: string[] = [];
  if (!journalHealthy) notes.push('the last write to the journal was refused');
  let writable = true;
  try {
    const { mode } = await stat(folder);
    if ((mode & 0o077) !== 0) notes.push(`other users may enter ${folder}: chmod 700 it`);
    await access(folder, constants.W_OK);
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize < LOW_SPACE_BYTES) notes.push(`less than ${Math.ceil((bavail * bsize) / 1024 / 1024)} MiB left`);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    writable = code === 'ENOENT';
    if (!writable) notes.push(`${folder} cannot be written: ${code}`);
  }
  return { durable: journalHealthy && writable, location: folder, notes };
}
