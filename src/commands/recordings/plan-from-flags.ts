import { planRecordings, type RecordingPlan } from '../../recordings/plan-recordings.js';
import type { CommandContext } from '../command-context.js';
import { openRecords, type OpenRecords } from '../open-records.js';
import { buildRecordFilter } from '../../notifications/filter-records.js';
import { readCriteria, readReader, type RecordOptions } from '../record-flags.js';

/**
 * The plan for the recorded calls that the flags want, and how reading went.
 * @param how `lean`: what the platform sent (`raw`) is let go of, which is most of a record; a year has a hundred thousand.
 */
export async function planFromFlags(
  context: CommandContext,
  files: readonly string[],
  options: RecordOptions,
  how: { readonly lean?: boolean } = {},
): Promise<{ readonly plan: RecordingPlan; readonly records: OpenRecords }> {
  const criteria = { ...readCriteria(options, context), kind: 'CallRecord' } as const;
  const records = await openRecords(context, files, {
    reader: readReader(options),
    criteria: { ...criteria, recorded: true },
  });
  const fits = buildRecordFilter(criteria);
  const wanted = async function* () {
    for await (const { record, receivedAt } of records.items) {
      if (record.kind !== 'CallRecord' || !fits(record, receivedAt)) continue;
      yield { record: how.lean === true ? { ...record, raw: {} } : record, receivedAt };
    }
  };
  return { plan: await planRecordings(wanted(), await context.store(), context.now()), records };
}
