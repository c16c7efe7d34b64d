import { buildRecordFilter, type RecordCriteria, type RecordFilter } from '../notifications/filter-records.js';
import { formatProblem } from '../notifications/input-problems.js';
import { parsePush } from '../notifications/parse-push.js';
import type { ReadItem } from '../notifications/read-item.js';
import { dropRepeated } from '../notifications/read-notifications.js';
import { parseJsonBytes } from '../domain/parse-json.js';
import type { PushKind } from '../domain/push-kind.js';
import { asWarning } from '../domain/text-pair.js';
import type { Journal, StoredPush } from '../store/journal.js';
import type { CommandContext } from './command-context.js';
import { notOfPlatform } from './open-records.js';

/** Kinds of pushes as they are typed: with the words of the lists too. */
export const FOLLOWED_KINDS = {
  cdr: 'fee',
  fee: 'fee',
  event: 'event',
  sms: 'sms',
  'number-status': 'number-status',
} as const satisfies Record<string, PushKind>;

export type FollowedKind = keyof typeof FOLLOWED_KINDS;

/** What to follow. */
export interface FollowedRecords {
  readonly kind: PushKind | undefined;
  /** First those in the journal from this instant of arrival on. */
  readonly from: Date | undefined;
  /** Pushes given already by another way; they are left out. */
  readonly known?: ReadonlySet<string> | undefined;
  readonly criteria: RecordCriteria;
}

/**
 * Records as they come into the journal of the profile, each once. What cannot be read is told on stderr.
 * Ends when `signal` aborts.
 * @throws AppError `flag-invalid` for criteria that cannot be used, before anything is read; `storage-…`.
 */
export function followRecords(
  context: CommandContext,
  journal: Pick<Journal, 'follow'>,
  wanted: FollowedRecords,
  signal: AbortSignal,
): AsyncIterable<ReadItem> {
  const fits = buildRecordFilter(wanted.criteria);
  const { kind, from } = wanted;
  const pushes = journal.follow(
    {
      kind,
      from,
      onDamage: (damage) => void context.note(asWarning(formatProblem(damage))),
    },
    signal,
  );
  return dropRepeated(recordsOf(pushes, { context, fits, known: wanted.known }), 'full');
}

async function* recordsOf(
  pushes: AsyncIterable<StoredPush>,
  how: {
    readonly context: Pick<CommandContext, 'note'>;
    readonly fits: RecordFilter;
    readonly known: ReadonlySet<string> | undefined;
  },
): AsyncIterable<ReadItem> {
  for await (const push of pushes) {
    if (how.known?.has(push.id) === true) continue;
    const items = readPush(push);
    if (items === undefined) await how.context.note(asWarning(notOfPlatform(push.id)));
    for (const item of items ?? []) if (how.fits(item.record, item.receivedAt)) yield item;
  }
}

/** The records of one push of the journal; `undefined` for one that is no notification. */
export function readPush(push: StoredPush): ReadItem[] | undefined {
  return parsePush(parseJsonBytes(push.bytes), push.at)?.records.map((record) => ({
    record,
    file: push.id,
    line: 1,
    receivedAt: push.at,
  }));
}
