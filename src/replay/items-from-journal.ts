import { parseJsonBytes } from '../domain/parse-json.js';
import type { Journal, JournalQuery, StoredPush } from '../store/journal.js';
import type { ChooseBody } from './choose-body.js';
import type { ReplayItem } from './replay-item.js';
import { MAX_KEYED_BYTES, sessionKeysOfValue } from './session-keys.js';

/**
 * Pushes of the journal as they came, in order of arrival; duplicates have no body of their own and are left out.
 * @param wants which of them; all unless given.
 */
export async function* itemsFromJournal(
  journal: Pick<Journal, 'read'>,
  query: JournalQuery,
  wants: ChooseBody = () => true,
): AsyncGenerator<ReplayItem> {
  for await (const push of journal.read({ ...query, duplicates: false })) {
    if (push.result === 'duplicate') continue;
    const value = parseBody(push.bytes);
    if (wants(value, push.at)) yield itemOfPush(push.id, push, value);
  }
}

/** A saved push as an item. @param value its body, parsed. */
export function itemOfPush(
  label: string,
  push: Pick<StoredPush, 'bytes' | 'headers' | 'path' | 'at'>,
  value: unknown,
): ReplayItem {
  const { bytes, headers, path, at } = push;
  const sessionKeys = sessionKeysOfValue(value);
  return { label, bytes, headers, path: path === '' ? '/' : path, sessionKeys, receivedAt: at };
}

/** The body of a push, parsed; `undefined` when it is no JSON, or longer than any push is. */
export function parseBody(bytes: Uint8Array): unknown {
  return bytes.length > MAX_KEYED_BYTES ? undefined : parseJsonBytes(bytes);
}
