import { basename } from 'node:path';
import { formatDuration } from '../../domain/duration.js';
import { maskText } from '../../domain/phone-number.js';
import type { TextPair } from '../../domain/text-pair.js';
import type { RecordingItem } from '../../recordings/plan-recordings.js';

/** What a person at a terminal sees of a run. */
export interface DownloadProgress {
  /** A piece of a recording has come; `receivedBytes` counts from the start of its file. */
  step(step: { readonly key: string; readonly receivedBytes: number; readonly totalBytes?: number | undefined }): void;
  /** A recording has ended, well or not. */
  done(key: string | undefined): void;
  /** The line as it is now; `undefined` when it was asked for a moment ago. */
  line(force?: boolean): TextPair | undefined;
}

interface Running {
  readonly startedMs: number;
  receivedBytes: number;
  totalBytes: number | undefined;
}

const BAR_CELLS = 10;
/** The spinner before the line, and the last column, which some terminals wrap. */
const SPINNER_COLUMNS = 3;
const LONGEST_NAME = 24;
const SHORTEST_NAME = 8;
const REDRAW_MS = 100;
/** The rate is that of the last seconds, so that it tells when the network slows. */
const RATE_MS = 10_000;
/** Bytes of a second of sound: A-law, 8000 Hz, mono. Source: pn_faq_spec07 (read 2026-07). */
const BYTES_PER_SECOND = 8000;

/**
 * Counts what comes in and tells it in one line: bar, files, bytes, rate, time left, and the file that has been under way longest.
 * @param items all that will be fetched; sizes that are not known yet are guessed from the talk.
 * @param clock a clock that never steps back, and the width of the terminal, `undefined` where there is none.
 */
export function buildDownloadProgress(
  items: readonly RecordingItem[],
  { milliseconds, columns }: { readonly milliseconds: () => number; readonly columns: () => number | undefined },
): DownloadProgress {
  const guesses = new Map(items.map(({ key, record }) => [key, (record.talkSeconds ?? 60) * BYTES_PER_SECOND]));
  const running = new Map<string, Running>();
  const samples: { readonly at: number; readonly bytes: number }[] = [{ at: milliseconds(), bytes: 0 }];
  let totalGuess = [...guesses.values()].reduce((sum, bytes) => sum + bytes, 0);
  let files = 0;
  let bytes = 0;
  let drawnAt = Number.NEGATIVE_INFINITY;

  const guess = (key: string, real: number): void => {
    totalGuess += real - (guesses.get(key) ?? real);
    guesses.set(key, real);
  };
  return {
    step: ({ key, receivedBytes, totalBytes }) => {
      const one = running.get(key) ?? { startedMs: milliseconds(), receivedBytes: 0, totalBytes };
      running.set(key, one);
      // A file that starts again has fewer bytes than before: what came in vain came all the same.
      bytes += Math.max(0, receivedBytes - one.receivedBytes);
      one.receivedBytes = receivedBytes;
      if (totalBytes !== undefined && one.totalBytes !== totalBytes) one.totalBytes = totalBytes;
      if (totalBytes !== undefined) guess(key, totalBytes);
    },
    done: (key) => {
      files += 1;
      if (key === undefined) return;
      guess(key, running.get(key)?.receivedBytes ?? 0);
      running.delete(key);
    },
    line: (force) => {
      const now = milliseconds();
      if (force !== true && now - drawnAt < REDRAW_MS) return undefined;
      drawnAt = now;
      samples.push({ at: now, bytes });
      while (samples.length > 2 && now - (samples[0]?.at ?? now) > RATE_MS) samples.shift();
      const oldest = samples[0] ?? { at: now, bytes };
      const rate = now > oldest.at ? ((bytes - oldest.bytes) / (now - oldest.at)) * 1000 : 0;
      const share = items.length === 0 ? 1 : Math.min(1, files / items.length);
      const left = totalGuess - bytes;
      const time = rate > 0 && files < items.length && left > 0 ? formatDuration(left / rate) : undefined;
      const lineIn = (lang: 'zh' | 'en'): string => {
        const words = WORDS[lang];
        const parts = [
          `${bar(share)} ${words.files(files, items.length)}`,
          formatBytes(bytes),
          `${formatBytes(rate)}/s`,
        ];
        if (time !== undefined) parts.push(words.left(time));
        const told = parts.join(' · ');
        const room = (columns() ?? Infinity) - widthOf(told) - SPINNER_COLUMNS;
        return `${told}${slowestOf(running, { now, room, words })}`;
      };
      return { zh: lineIn('zh'), en: lineIn('en') };
    },
  };
}

/** What stands between the figures of a line. */
interface LineWords {
  readonly files: (done: number, total: number) => string;
  readonly left: (time: string) => string;
  readonly slowest: string;
  readonly after: (share: string, time: string) => string;
}

const WORDS: Readonly<Record<'zh' | 'en', LineWords>> = {
  zh: {
    files: (done, total) => `${done}/${total}`,
    left: (time) => `剩余 ${time}`,
    slowest: '最慢',
    after: (share, time) => `${share} 已用 ${time}`,
  },
  en: {
    files: (done, total) => `${done} of ${total}`,
    left: (time) => `${time} left`,
    slowest: 'slowest',
    after: (share, time) => `${share} after ${time}`,
  },
};

/** Columns that a line of ours takes: a Chinese character two. The tables of Unicode are not loaded for it. */
function widthOf(text: string): number {
  return text.length + (text.match(/\p{Script=Han}/gu) ?? []).length;
}

function bar(share: number): string {
  const full = Math.floor(share * BAR_CELLS);
  return `[${'#'.repeat(full)}${'-'.repeat(BAR_CELLS - full)}]`;
}

/** `812 B`, `3.4 kB`, `118.1 MB`: thousands, as file managers count. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ''}`;
}

/** Which file has been under way longest, its name cut to the room there is; nothing where there is not enough of it. */
function slowestOf(
  running: ReadonlyMap<string, Running>,
  { now, room, words }: { readonly now: number; readonly room: number; readonly words: LineWords },
): string {
  let found: { readonly key: string; readonly one: Running } | undefined;
  for (const [key, one] of running) {
    if (found === undefined || one.startedMs < found.one.startedMs) found = { key, one };
  }
  if (found === undefined) return '';
  const { startedMs, receivedBytes, totalBytes } = found.one;
  const share =
    totalBytes === undefined ? formatBytes(receivedBytes) : `${Math.floor((receivedBytes / totalBytes) * 100)}%`;
  const before = ` · ${words.slowest} `;
  const after = ` ${words.after(share, formatDuration((now - startedMs) / 1000))}`;
  const name = maskText(basename(found.key)).replace(/\.wav$/i, '');
  const nameRoom = Math.min(LONGEST_NAME, room - widthOf(before) - widthOf(after));
  if (nameRoom < SHORTEST_NAME) return '';
  return `${before}${name.length <= nameRoom ? name : `…${name.slice(1 - nameRoom)}`}${after}`;
}
