import { describe, expect, it } from 'vitest';
import { archiveKey } from '../../../src/recordings/archive-key.js';
import { planRecordings, type PlannedRecord, type RecordingPlan } from '../../../src/recordings/plan-recordings.js';
import { MemoryLog } from '../bindings/memory-books.js';
import type { CallRecord } from '../../../src/domain/call-record.js';
import type { ArchiveEntry } from '../../../src/store/archive-entry.js';
import type { RecordingNote } from '../../../src/store/recording-note.js';

const NOW = new Date('2026-07-20T08:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function call(fileName: string, endedAgoMs: number, fields: Partial<CallRecord> = {}): CallRecord {
  return {
    kind: 'CallRecord',
    outcome: 'answered',
    talkSeconds: 60,
    endedAt: new Date(NOW.getTime() - endedAgoMs),
    recording: { fileName, domain: 'ostor.example.com' },
    raw: {},
    ...fields,
  };
}

function planOf(
  records: readonly PlannedRecord[],
  archive = new MemoryLog<ArchiveEntry>(),
  recordingNotes = new MemoryLog<RecordingNote>(),
): Promise<RecordingPlan> {
  return planRecordings(records, { archive, recordingNotes }, NOW);
}

describe('planRecordings', () => {
  it('sorts by what expires first', async () => {
    const plan = await planOf([
      { record: call('new', HOUR) },
      { record: call('old', 6 * DAY) },
      { record: call('arrived-late', 6.5 * DAY), receivedAt: new Date(NOW.getTime() - DAY) },
      { record: call('timeless', 0, { endedAt: undefined }) },
    ]);
    expect(plan.toFetch.map((item) => [item.key, item.fetchBy?.toISOString(), item.basis])).toEqual([
      ['ostor.example.com/timeless', undefined, 'unknown'],
      ['ostor.example.com/old', '2026-07-21T08:00:00.000Z', 'call-end'],
      ['ostor.example.com/arrived-late', '2026-07-26T08:00:00.000Z', 'arrival'],
      ['ostor.example.com/new', '2026-07-27T07:00:00.000Z', 'call-end'],
    ]);
  });

  it('leaves out calls that were not recorded, and tells the others apart', async () => {
    const short = call('short', HOUR, { talkSeconds: 2 });
    const nowhere = call('', HOUR, { recording: {} });
    const plan = await planOf([
      { record: call('none', HOUR, { recording: undefined }) },
      { record: short },
      { record: call('three', HOUR, { talkSeconds: 3 }) },
      { record: nowhere },
    ]);
    expect(plan.tooShort).toEqual([short]);
    expect(plan.withoutLocation).toEqual([nowhere]);
    expect(plan.toFetch.map((item) => item.key)).toEqual(['ostor.example.com/three']);
    expect(plan.expired).toEqual([]);
  });

  it.each([
    ['the call ended', 7 * DAY, undefined, 'toFetch'],
    ['the last push after the call could have been', 7 * DAY + 623 * 60_000 - 1, undefined, 'toFetch'],
    ['the last push after the call was', 7 * DAY + 623 * 60_000, undefined, 'expired'],
    ['the record arrived, short of a moment', 8 * DAY, 7 * DAY - 1, 'toFetch'],
    ['the record arrived', 8 * DAY, 7 * DAY, 'expired'],
  ] as const)('seven days after %s', async (_, endedAgo, receivedAgo, where) => {
    const receivedAt = receivedAgo === undefined ? undefined : new Date(NOW.getTime() - receivedAgo);
    const plan = await planOf([{ record: call('one', endedAgo), receivedAt }]);
    expect(plan[where]).toHaveLength(1);
  });

  it('counts a recording that is listed twice once, with the earlier deadline', async () => {
    const receivedAt = new Date(NOW.getTime() - DAY);
    const plan = await planOf([{ record: call('one', HOUR) }, { record: call('one', HOUR), receivedAt }]);
    expect(plan.toFetch.map((item) => item.basis)).toEqual(['arrival']);
  });

  describe('with an archive', () => {
    const entry = (name: string): ArchiveEntry => ({
      key: `ostor.example.com/${name}`,
      at: NOW,
      file: `/nowhere/${name}`,
      sizeBytes: 4,
      sha256: '',
    });
    const note = (name: string, state: RecordingNote['state'], at = NOW): RecordingNote => ({
      key: `ostor.example.com/${name}`,
      at,
      state,
    });
    const keysOf = (items: readonly { key: string }[]): string[] => items.map(({ key }) => key.slice(18));

    it('fetches nothing that is in it, whether or not the file is still there', async () => {
      const archive = new MemoryLog<ArchiveEntry>();
      await archive.append([entry('kept')]);
      const plan = await planOf([{ record: call('kept', HOUR) }, { record: call('new', HOUR) }], archive);
      expect([keysOf(plan.archived), keysOf(plan.toFetch)]).toEqual([['kept'], ['new']]);
    });

    it('fetches again what verify asks for, until that is settled', async () => {
      const archive = new MemoryLog<ArchiveEntry>();
      const notes = new MemoryLog<RecordingNote>();
      await archive.append(['again', 'settled', 'newer', 'command'].map(entry));
      await notes.append([
        note('again', 'again'),
        note('settled', 'again'),
        note('settled', 'settled'),
        note('newer', 'again', new Date(NOW.getTime() - 1)),
        note('command', 'command-failed'),
        note('failed', 'failed'),
      ]);
      const records = ['again', 'settled', 'newer', 'command', 'failed'].map((name) => ({ record: call(name, HOUR) }));
      const plan = await planOf(records, archive, notes);
      expect(keysOf(plan.archived)).toEqual(['settled', 'newer', 'command']);
      expect(plan.toFetch.map(({ note: found }) => found?.state)).toEqual(['again', 'failed']);
    });
  });
});

describe('archiveKey', () => {
  it.each([
    [{ fileName: 'a.wav', domain: 'd' }, 'd/a.wav'],
    [{ fileName: 'a.wav', domain: 'd', url: 'https://x/y' }, 'd/a.wav'],
    [{ fileName: '', domain: '', url: 'https://x/y.wav?sig=1#z' }, 'https://x/y.wav'],
    [{ fileName: 'a.wav' }, undefined],
    [{}, undefined],
  ])('of %o is %s', (recording, key) => {
    expect(archiveKey(recording)).toBe(key);
  });
});
