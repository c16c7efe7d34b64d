import { maskText } from '../domain/phone-number.js';
import type { TextPair } from '../domain/text-pair.js';
import type { SmsFacts } from '../domain/timeline.js';
import { AppError } from '../errors.js';
import type { ReadItem } from '../notifications/read-item.js';
import type { OpenRecords } from './open-records.js';

/** The records of one call, and the SMS that may belong to it. */
export interface CollectedSession {
  readonly sessionId: string;
  readonly items: readonly ReadItem[];
  readonly sms: readonly SmsFacts[];
}

/** So many sessions are named where the part that was typed fits several. */
const NAMED = 5;

/**
 * Picks the records of one session.
 * @param typed the whole ID, or a part that only one session has; the whole ID wins over parts of others.
 * @throws AppError `session-not-found`, which names what could not be read, for the session may have stood there; `flag-invalid` naming up to five sessions where the part fits more than one.
 */
export async function collectSession(
  { items, unread }: Pick<OpenRecords, 'items' | 'unread'>,
  typed: string,
): Promise<CollectedSession> {
  const text = typed.trim();
  if (text === '') throw new AppError('flag-invalid', { zh: '会话为空', en: 'the session is empty' });
  const sessions = new Map<string, ReadItem[]>();
  const sms: SmsFacts[] = [];
  for await (const item of items) {
    const { record } = item;
    if (record.kind === 'Sms') {
      // What came is left behind: a journal may hold a million SMS.
      const { raw: _, ...facts } = record;
      if (facts.subscriptionId !== undefined) sms.push(facts);
      continue;
    }
    const sessionId = 'sessionId' in record ? record.sessionId : undefined;
    if (sessionId?.includes(text) !== true) continue;
    const known = sessions.get(sessionId);
    if (known !== undefined) known.push(item);
    // One more than can be named says that there are more; the whole ID is kept whenever it comes.
    else if (sessionId === text || sessions.size <= NAMED) sessions.set(sessionId, [item]);
  }
  const sessionId = chooseSession([...sessions.keys()], text, unread());
  return { sessionId, items: sessions.get(sessionId) ?? [], sms };
}

function chooseSession(found: readonly string[], text: string, unread: TextPair | undefined): string {
  const [first] = found;
  const typed = maskText(text);
  if (first === undefined) {
    const [zh, en] = unread === undefined ? ['', ''] : [`；${unread.zh}`, `; ${unread.en}`];
    const words = {
      zh: `${typed}：没有该会话的事件或话单${zh}`,
      en: `${typed}: no event or CDR of such a session${en}`,
    };
    throw new AppError('session-not-found', words, {
      hint: {
        zh: 'privacy-call cdr list 和 events list 显示收到的会话；每个 profile 有各自的推送日志。',
        en: 'privacy-call cdr list and events list show the sessions that were received; another profile has another journal.',
      },
    });
  }
  if (found.includes(text)) return text;
  if (found.length === 1) return first;
  const named = found.slice(0, NAMED).map(maskText);
  const [zh, en] = found.length > NAMED ? [' 等', ' and more'] : ['', ''];
  const words = {
    zh: `${typed}：有多个会话的 ID 含有它：${named.join('、')}${zh}`,
    en: `${typed}: several sessions have this in their ID: ${named.join(', ')}${en}`,
  };
  throw new AppError('flag-invalid', words, {
    hint: {
      zh: '请给出完整的 sessionId，或更长的一部分。',
      en: 'Give the whole sessionId, or a longer part of it.',
    },
  });
}
