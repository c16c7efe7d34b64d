import type { ReadItem } from '../../../src/notifications/read-item.js';
import type { ReadProblem } from '../../../src/notifications/input-problems.js';
import { readNotifications, type ReadNotificationsOptions } from '../../../src/notifications/read-notifications.js';

/** Bytes in pieces of `size`. */
export async function* pieces(bytes: Uint8Array, size = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

/** Everything read from one input. */
export async function readAll(
  content: string | Uint8Array,
  options: ReadNotificationsOptions & { pieceBytes?: number } = {},
): Promise<{ items: ReadItem[]; problems: ReadProblem[] }> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const problems: ReadProblem[] = [];
  const items: ReadItem[] = [];
  const input = { name: 'input', open: () => pieces(bytes, options.pieceBytes) };
  for await (const item of readNotifications([input], { ...options, onProblem: (problem) => problems.push(problem) })) {
    items.push(item);
  }
  return { items, problems };
}

/** A push of one CDR with the given ID. */
export function feePush(icid: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { eventType: 'fee', feeLst: [feeOf(icid, more)] };
}

/** One CDR with the given ID. */
export function feeOf(icid: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    direction: 0,
    icid,
    bindNum: '+8613800000022',
    sessionId: `session-${icid}`,
    subscriptionId: 'binding-1',
    callerNum: '+8613800000002',
    calleeNum: '+8613800000022',
    fwdDstNum: '+8613800000001',
    callInTime: '2026-11-22 00:00:00',
    callEndTime: '2026-11-22 00:00:30',
    ulFailReason: 8102,
    serviceType: '004',
    ...more,
  };
}
