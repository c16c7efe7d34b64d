import { planRecordings, type RecordingPlan } from '../../recordings/plan-recordings.js';
import type { CommandContext } from '../command-context.js';
import { openRecords, type OpenRecords } from '../open-records.js';
import { buildRecordFilter } from '../../notifications/filter-records.js';
import { readCriteria, type RecordOptions } from '../record-flags.js';

/** The plan for the recorded calls that the flags want, and how reading went. */
export async function planFromFlags(
  context: CommandContext,
  files: readonly string[],
  options: RecordOptions,
): Promise<{ readonly plan: RecordingPlan; readonly records: OpenRecords }> {
  const records = await openRecords(context, files);
  const fits = buildRecordFilter({ ...readCriteria(options, context), kind: 'CallRecord' });
  const wanted = async function* () {
    for await (const { record, receivedAt } of records.items) {
      if (record.kind === 'CallRecord' && fits(record, receivedAt)) yield { record, receivedAt };
    }
  };
  return { plan: await planRecordings(wanted(), await context.store(), context.now()), records };
}
