import { join } from 'node:path';
import type { TextPair } from '../../domain/text-pair.js';
import type { JournalDamage } from '../journal.js';
import type { KeyedLog } from '../keyed-log.js';
import type { Store } from '../store.js';
import { describeLeftOut } from './describe-left-out.js';
import { ARCHIVE_CODEC, INVENTORY_CODEC, LEDGER_CODEC, RECORDING_NOTE_CODEC, type EntryCodec } from './entry-codecs.js';
import { FileJournal } from './file-journal.js';
import { folderHealth } from './folder-health.js';
import type { JournalLimits } from './journal-limits.js';
import { openKeyedLog } from './keyed-log.js';

/** Options of {@link openFileStore}. */
export interface FileStoreOptions {
  /** Data folder of the profile, absolute. */
  readonly folder: string;
  readonly now: () => Date;
  readonly pid: number;
  readonly hostname: string;
  /** Told what a person should know: lines that could not be read, for one. */
  readonly onNote?: ((note: TextPair) => void) | undefined;
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
  const onDamage = (damage: JournalDamage): void => onNote?.(describeLeftOut(damage));
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
      const { writable, notes } = await folderHealth(folder);
      const refused = journal.healthy
        ? []
        : [{ zh: '上次写入推送日志被拒绝', en: 'the last write to the journal was refused' }];
      return {
        durable: journal.healthy && writable,
        location: folder,
        notes: [...refused, ...notes, ...(await damageNotes(Object.values(logs)))],
      };
    },
    close: () => journal.close(),
  });
}

/** What a compaction has found damaged and set aside. */
async function damageNotes(logs: readonly Pick<KeyedLog<{ readonly key: string }>, 'damage'>[]): Promise<TextPair[]> {
  const notes: TextPair[] = [];
  for (const log of logs) {
    const damage = await log.damage?.().catch(() => undefined);
    if (damage !== undefined && damage.setAside > 0)
      notes.push({
        zh: `${damage.setAside} 行损坏的数据已移到 ${damage.aside}`,
        en: `${damage.setAside} damaged lines were set aside in ${damage.aside}`,
      });
  }
  return notes;
}
