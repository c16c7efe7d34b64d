import type { KeyedLog } from '../store/keyed-log.js';
import type { RecordingNote } from '../store/recording-note.js';
import { pairOf, type Words } from '../domain/text-pair.js';
import type { FollowUp } from './follow-file.js';
import type { RecordingItem } from './plan-recordings.js';

/** What a note says, its reason in both languages. */
type Noted = Pick<RecordingNote, 'state' | 'missing' | 'code'> & { readonly reason?: Words | undefined };

/** Notes of a run, written some at a time: each write is synced, and a platform that fails fails for thousands. */
export interface Notebook {
  note(item: RecordingItem, note: Noted): Promise<void>;
  /** The file is whole: keeps that its command failed, or settles what was noted before. */
  followed(item: RecordingItem, followUp: FollowUp | undefined): Promise<void>;
  /** Writes what is left. */
  flush(): Promise<void>;
}

const NOTES_AT_ONCE = 100;

/** @returns a notebook whose methods reject with `disk-full` or `storage-…`. */
export function buildNotebook(log: Pick<KeyedLog<RecordingNote>, 'append'>, now: () => Date): Notebook {
  let pending: RecordingNote[] = [];
  const flush = async (): Promise<void> => {
    const notes = pending;
    pending = [];
    await log.append(notes);
  };
  const note: Notebook['note'] = async ({ key }, { reason, ...fields }) => {
    const told = reason === undefined ? undefined : pairOf(reason);
    const zh = told !== undefined && told.zh !== told.en ? { reasonZh: told.zh } : {};
    pending.push({ key, at: now(), ...fields, reason: told?.en, ...zh });
    if (pending.length >= NOTES_AT_ONCE) await flush();
  };
  return {
    note,
    flush,
    followed: async (item, followUp) => {
      if (followUp?.commandError !== undefined) {
        await note(item, { state: 'command-failed', reason: followUp.commandError });
      } else if (item.note !== undefined) await note(item, { state: 'settled' });
    },
  };
}
