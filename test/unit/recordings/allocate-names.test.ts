import fc from 'fast-check';
import { resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allocateNames } from '../../../src/recordings/allocate-names.js';
import { parseNameTemplate } from '../../../src/recordings/recording-name.js';
import type { RecordingItem } from '../../../src/recordings/plan-recordings.js';
import type { ArchiveEntry } from '../../../src/store/archive-entry.js';

const ROOT = resolve('/data/recordings');

/** The names of row D22 of the reliability tests, and what else meets on a file system. */
const HOSTILE = [
  '../../etc/passwd',
  '/abs',
  '..\\..\\x',
  'a\0b',
  'a\nb',
  'x'.repeat(300),
  '录'.repeat(300),
  '',
  '.',
  '..',
  '-rf.wav',
  'con.wav',
  'a:b',
  'dot.',
  'blank ',
  'gnp.\u202Eexe',
  'e\u0301',
  '\u00E9',
  '😀',
  '录音 文件.wav',
  'CALL',
  'call',
  'Call',
];

function item(sessionId: string, key = `d/${sessionId}`): RecordingItem {
  return {
    key,
    record: { kind: 'CallRecord', outcome: 'answered', sessionId, raw: {} },
    fetchBy: undefined,
    basis: 'unknown',
  };
}

function namesOf(items: readonly RecordingItem[], archived: readonly ArchiveEntry[] = [], root = ROOT): string[] {
  const rules = { root, template: parseNameTemplate('{session}.wav'), naming: { zone: 'UTC', showNumbers: true } };
  const names = allocateNames(items, archived, rules);
  return items.map(({ key }) => names.get(key) ?? '');
}

/** What a disk that tells neither case nor the form of an accent apart keeps. */
const onForgivingDisk = (name: string): string => name.normalize('NFD').toLowerCase();

describe('allocateNames', () => {
  it('D22: brings every hostile name below the root, short, in NFC, and each on its own', () => {
    const names = namesOf(HOSTILE.map((name) => item(name)));
    for (const name of names) {
      expect(resolve(ROOT, name).startsWith(`${ROOT}${sep}`)).toBe(true);
      expect(Buffer.byteLength(`${name}.json`)).toBeLessThanOrEqual(180);
      expect(name).toBe(name.normalize('NFC'));
    }
    expect(new Set(names.map(onForgivingDisk)).size).toBe(HOSTILE.length);
    expect(names.slice(-3)).toEqual([
      'CALL.wav',
      expect.stringMatching(/^call~[0-9a-f]{8}\.wav$/),
      expect.stringMatching(/^Call~[0-9a-f]{8}\.wav$/),
    ]);
  });

  it('D21: keeps the same name of two domains apart', () => {
    expect(namesOf([item('one', 'a.example/one.wav'), item('one', 'b.example/one.wav')])).toEqual([
      'one.wav',
      expect.stringMatching(/^one~[0-9a-f]{8}\.wav$/),
    ]);
  });

  it('leaves a name to the recording that has it in the archive, whatever the order', () => {
    const kept = { key: 'd/kept', at: new Date(0), file: `${ROOT}/CALL.wav`, sizeBytes: 1, sha256: '' };
    const [other, own] = namesOf([item('call', 'd/new'), item('CALL', 'd/kept')], [kept]);
    expect(other).toMatch(/^call~[0-9a-f]{8}\.wav$/);
    expect(own).toBe('CALL.wav');
    expect(namesOf([item('call', 'd/new')], [{ ...kept, file: '/elsewhere/CALL.wav' }])).toEqual(['call.wav']);
  });

  it('gives any two recordings different files, the same ones in every run', () => {
    const text = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 8 }));
    fc.assert(
      fc.property(fc.uniqueArray(text, { maxLength: 30 }), (sessions) => {
        const items = sessions.map((session) => item(session));
        const names = namesOf(items);
        expect(new Set(names.map(onForgivingDisk)).size).toBe(items.length);
        const archived = items.slice(0, 10).map(({ key }, at) => ({
          key,
          at: new Date(0),
          file: resolve(ROOT, names[at] ?? ''),
          sizeBytes: 1,
          sha256: '',
        }));
        expect(namesOf(items.slice(10), archived)).toEqual(names.slice(10));
      }),
    );
  });
});
