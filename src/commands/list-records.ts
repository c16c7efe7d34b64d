import type { NotificationRecord } from '../domain/notification-record.js';
import type { Column, ListView } from '../output/view.js';
import { detailColumns } from './columns.js';
import type { CommandContext } from './command-context.js';
import { openRecords } from './open-records.js';
import { chooseRecords, readCriteria, type RecordOptions } from './record-flags.js';

/** The view of all record lists: records of one kind, or of every kind, from files or the journal. */
export async function listRecords<K extends NotificationRecord['kind']>(
  context: CommandContext,
  files: readonly string[],
  wanted: {
    readonly options: RecordOptions;
    readonly kind: K | undefined;
    readonly listKind: string;
    readonly columns: readonly Column<Extract<NotificationRecord, { kind: K }>>[];
  },
): Promise<ListView<Extract<NotificationRecord, { kind: K }>>> {
  const criteria = readCriteria(wanted.options, context);
  const records = await openRecords(context, files);
  return {
    view: 'list',
    kind: wanted.listKind,
    items: chooseRecords(records.items, { criteria, limit: wanted.options.limit, kind: wanted.kind }),
    columns: wanted.columns,
    single: detailColumns,
    warnings: records.warnings,
    outcome: () => records.outcome(),
    footer: (count) => `${count} ${count === 1 ? 'record' : 'records'} · ${context.zone}`,
  };
}
