import { wordsOfError } from '../domain/text-error.js';
import { type Words, wordsIn } from '../domain/text-pair.js';
import { AppError, storageError } from '../errors.js';
import { withSettings } from './known-settings.js';
import { noteNumbers } from './note-number.js';
import type { Bookkeeping } from './bookkeeping.js';
import type { NumberOrigin } from '../store/inventory-entry.js';
import type { LedgerEntry } from '../store/ledger-entry.js';

/** A change that the platform has made already and that the books do not hold yet. */
export interface DoneChange {
  readonly entries: readonly LedgerEntry[];
  /** Where the X numbers of the entries come from; without it the inventory stays as it is. */
  readonly origin?: NumberOrigin | undefined;
  /** What happened, for the message should the disk refuse: names every binding ID, so that none is lost. */
  readonly done: Words;
}

/**
 * Writes the ledger lines and the inventory, in this order. Nothing to write is done at once.
 * @throws AppError `disk-full` or `storage-…`, whose message starts with `change.done`.
 */
export async function recordChange(books: Bookkeeping, change: DoneChange): Promise<void> {
  if (change.entries.length === 0) return;
  try {
    await books.ledger.append(await withKnown(books, change.entries));
    if (change.origin !== undefined) {
      const bindings = change.entries.map((entry) => entry.binding);
      await noteNumbers(books.inventory, bindings, { origin: change.origin, at: books.now() });
    }
  } catch (error) {
    const failure = storageError(error, { zh: '无法写入台账', en: 'the ledger could not be written' });
    const why = wordsOfError(failure);
    const words = {
      zh: `${wordsIn(change.done, 'zh')}；未记入台账：${why.zh}`,
      en: `${wordsIn(change.done, 'en')}; it is not in the ledger: ${why.en}`,
    };
    throw new AppError(failure.code, words, {
      hint: {
        zh: '请记下绑定ID：平台不提供绑定列表。修复数据目录后，运行 query --id ID --adopt。',
        en: 'Note the binding ID: the platform lists no bindings. Mend the data folder, then run query --id ID --adopt.',
      },
      cause: error,
    });
  }
}

/** The lines that change or find a binding: they carry on what the lines before them know of it. */
async function withKnown(books: Bookkeeping, entries: readonly LedgerEntry[]): Promise<LedgerEntry[]> {
  const follows = (entry: LedgerEntry): boolean => entry.action === 'update' || entry.action === 'seen';
  const keys = entries.filter(follows).map(({ key }) => key);
  if (keys.length === 0) return [...entries];
  const known = await books.ledger.getAll(keys);
  return entries.map((entry) => (follows(entry) ? withSettings(entry, known.get(entry.key)) : entry));
}
