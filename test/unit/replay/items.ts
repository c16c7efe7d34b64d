import type { ReplayItem } from '../../../src/replay/replay-item.js';

/** A push of a call with a given body. */
export function pushItem(label: string, fields: Partial<ReplayItem> = {}): ReplayItem {
  return { label, bytes: Buffer.from(`{"n":"${label}"}`), headers: {}, path: '/', sessionKeys: [], ...fields };
}
