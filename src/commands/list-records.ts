import { withZone } from '../domain/text-pair.js';
import { countedPair, NOUNS } from '../domain/counted.js';
import type { NotificationRecord } from '../domain/notification-record.js';
import type { Column, ListView } from '../output/view.js';
import { detailColumns } from './columns.js';
import type { CommandContext } from './command-context.js';
import { openRecords } from './open-records.js';
import { parseCount } from './parse-flags.js';
import { chooseRecords, readCriteria, readReader, type RecordOptions } from './record-flags.js';
import { parseSort, sortItems } from './sort-items.js';

/** Flags of every list of records. */
export interface ListRecordsOptions extends RecordOptions {
  readonly sort?: string;
}

/** The view of all record lists: records of one kind, or of every kind, from files or the journal. */
export async function listRecords<K extends NotificationRecord['kind']>(
  context: CommandContext,
  files: readonly string[],
  wanted: {
    readonly options: ListRecordsOptions;
    readonly kind: K | undefined;
    readonly listKind: string;
    readonly columns: readonly Column<Extract<NotificationRecord, { kind: K }>>[];
    /** Names that `--sort` takes. */
    readonly fields: () => readonly string[];
  },
): Promise<ListView<Extract<NotificationRecord, { kind: K }>>> {
  const { options, kind, columns } = wanted;
  const criteria = readCriteria(options, context);
  const order = options.sort === undefined ? undefined : parseSort(options.sort, wanted.fields());
  const limit = options.limit === undefined ? Number.POSITIVE_INFINITY : parseCount('--limit', options.limit);
  const records = await openRecords(context, files, {
    reader: readReader(options),
    criteria: { ...criteria, kind },
  });
  // The first of all records in order cannot be known before the last of them is read.
  const chosen = chooseRecords(records.found, { criteria, limit: order ? undefined : options.limit, kind });
  return {
    view: 'list',
    kind: wanted.listKind,
    items: order === undefined ? chosen : sortItems(chosen, order, { columns, limit }),
    columns,
    single: detailColumns,
    warnings: records.warnings,
    outcome: () => records.outcome(),
    footer: (count) => withZone(countedPair(count, NOUNS.record), context.zone),
  };
}
