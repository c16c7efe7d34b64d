import { basename } from 'node:path';
import { joinPairs, type TextPair, type Told } from '../../domain/text-pair.js';
import type { Column } from '../../output/view.js';
import type { RecordingResult } from '../../recordings/download-recordings.js';
import { SESSION_KEEPS } from '../columns.js';

const STATES: Readonly<Record<RecordingResult['state'], { zh: string; en: string }>> = {
  saved: { zh: '已保存', en: 'saved' },
  already: { zh: '已在存档', en: 'already there' },
  'too-short': { zh: '过短，无文件', en: 'too short, no file' },
  expired: { zh: '已过期', en: 'expired' },
  failed: { zh: '失败', en: 'failed' },
  waiting: { zh: '未尝试', en: 'not tried' },
};

/** A result as it leaves. */
export interface DownloadRow extends Omit<RecordingResult, 'reason' | 'hint' | 'followUp' | 'error'> {
  readonly reason: Told | undefined;
  readonly hint: Told | undefined;
  readonly followUp: { readonly sidecar?: string | undefined; readonly commandError: Told | undefined } | undefined;
}

/** How the result of a download is shown. */
export const DOWNLOAD_COLUMNS: readonly Column<DownloadRow>[] = [
  {
    field: 'state',
    title: { zh: '状态', en: 'State' },
    cell: ({ state }, paint) => {
      const words = paint.words(STATES[state]) ?? state;
      if (state === 'saved') return paint.good(words);
      return state === 'failed' || state === 'expired' ? paint.bad(words) : words;
    },
  },
  {
    field: 'file',
    title: { zh: '文件', en: 'File' },
    // All lie below --dir: cut to the width of a terminal, their paths would all look the same. What has no file is named as the platform names it.
    cell: ({ file, record }) => (file === undefined ? record.recording?.fileName : basename(file)),
    cuts: true,
    keeps: SESSION_KEEPS,
  },
  {
    field: 'durationSeconds',
    title: { zh: '时长', en: 'Length' },
    cell: ({ durationSeconds }, paint) => paint.seconds(durationSeconds),
    align: 'right',
  },
  { field: 'sizeBytes', title: { zh: '字节', en: 'Bytes' }, align: 'right' },
  { field: 'reason', title: { zh: '说明', en: 'Why' }, cuts: true },
  { field: 'record.sessionId', title: { zh: '会话', en: 'Session' }, cuts: true, keeps: SESSION_KEEPS, drops: 2 },
];

/** How many of a run came to which end. */
export type DownloadCounts = Record<RecordingResult['state'] | 'commandFailed', number>;

/** The run in one line. */
export function summarise(counts: DownloadCounts): TextPair {
  const { saved, already, expired, failed, waiting, commandFailed } = counts;
  const parts = [
    { zh: `已保存 ${saved}`, en: `${saved} saved` },
    { zh: `已在存档 ${already}`, en: `${already} already there` },
    { zh: `过短 ${counts['too-short']}`, en: `${counts['too-short']} too short` },
    { zh: `已过期 ${expired}`, en: `${expired} expired` },
    { zh: `失败 ${failed}`, en: `${failed} failed` },
  ];
  if (waiting > 0) parts.push({ zh: `未尝试 ${waiting}`, en: `${waiting} not tried` });
  if (commandFailed > 0) parts.push({ zh: `命令失败 ${commandFailed}`, en: `${commandFailed} with a failed command` });
  return joinPairs(parts);
}
