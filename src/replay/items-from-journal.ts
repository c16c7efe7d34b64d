import { sessionKeysOf } from './session-keys.js';
import type { Journal, JournalQuery, StoredPush } from '../store/store.js';
import type { ReplayItem } from './replay-item.js';

/** Pushes of the journal as they came, in order of arrival; duplicates have no body of their own and are left out. */
export async function* itemsFromJournal(
  journal: Pick<Journal, 'read'>,
  query: JournalQuery,
): AsyncGenerator<ReplayItem> {
  for await (const push of journal.read({ ...query, duplicates: false })) {
    if (push.result !== 'duplicate') yield itemOfPush(push.id, push);
  }
}

/** A saved push as an item. */
export function itemOfPush(label: string, push: Pick<StoredPush, 'bytes' | 'headers' | 'path' | 'at'>): ReplayItem {
  const { bytes, headers, path, at } = push;
  return { label, bytes, headers, path: path === '' ? '/' : path, sessionKeys: sessionKeysOf(bytes), receivedAt: at };
}
