import { AppError } from '../errors.js';
import { findInputs } from '../notifications/find-inputs.js';
import { parsePush } from '../notifications/parse-push.js';
import { dropRepeated, type ReadItem, readNotifications } from '../notifications/read-notifications.js';
import type { CommandContext } from './command-context.js';

/** Records to show, and what went wrong while they were read. */
export interface OpenRecords {
  readonly items: AsyncIterable<ReadItem>;
  /** Filled while `items` is read. */
  readonly warnings: readonly string[];
  /** Asked at the end: nothing readable at all, or parts of it. */
  outcome(): AppError | undefined;
}

/** Complaints shown one by one; more of them are only counted. */
const MOST_WARNINGS = 20;

/**
 * Opens files, folders, globs and `-` (stdin), or without any the journal of the profile.
 * @throws AppError `input-unreadable` for what is not there.
 */
export async function openRecords(context: CommandContext, files: readonly string[]): Promise<OpenRecords> {
  const warnings: string[] = [];
  let problems = 0;
  let good = 0;
  const complain = (text: string): void => {
    problems += 1;
    if (problems <= MOST_WARNINGS) warnings.push(text);
    else warnings[MOST_WARNINGS] = `and ${problems - MOST_WARNINGS} more that could not be read`;
  };
  const source =
    files.length === 0 ? dropRepeated(fromJournal(context, complain)) : await fromFiles(context, files, complain);
  const items = async function* (): AsyncGenerator<ReadItem> {
    for await (const item of source) {
      good += 1;
      yield item;
    }
    if (good === 0 && files.length === 0 && problems === 0) {
      warnings.push('the journal is empty: give files, or receive pushes with "listen"');
    }
  };
  return {
    items: items(),
    warnings,
    outcome: () => {
      if (problems === 0) return undefined;
      const [first = ''] = warnings;
      if (good === 0) return new AppError('input-invalid', `nothing could be read: ${first}`);
      return new AppError('some-failed', `${problems} of the records could not be read; the rest is shown`);
    },
  };
}

async function fromFiles(
  context: CommandContext,
  files: readonly string[],
  complain: (text: string) => void,
): Promise<AsyncIterable<ReadItem>> {
  const inputs = await findInputs(files, { cwd: context.cwd, stdin: context.stdin });
  return readNotifications(inputs, {
    onProblem: ({ file, line, reason }) => {
      complain(`${file}:${line}: ${reason}`);
    },
  });
}

async function* fromJournal(context: CommandContext, complain: (text: string) => void): AsyncGenerator<ReadItem> {
  const { journal } = await context.store();
  const pushes = journal.read({
    onDamage: ({ file, line, reason }) => {
      complain(`${file}:${line}: ${reason}`);
    },
  });
  for await (const push of pushes) {
    const parsed = parsePush(parseJson(push.bytes), push.at);
    if (parsed === undefined || parsed.badEntries > 0) complain(`push ${push.id}: not a notification of the platform`);
    for (const record of parsed?.records ?? []) yield { record, file: push.id, line: 1, receivedAt: push.at };
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
