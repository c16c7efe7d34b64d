import type { TextPair } from '../domain/text-pair.js';
import { AppError } from '../errors.js';
import type { RecordingNote } from '../store/recording-note.js';

/** Why the platform says that a recording does not exist. */
export type MissingCause = NonNullable<RecordingNote['missing']>;

/** Why a recording is not there, or was not tried. */
export type MissingReason =
  MissingCause | 'overdue' | 'under-3-s' | 'no-location' | 'too-many-failed' | 'window-closed';

/** Reasons in plain words, and what to do about them. */
const MISSING_TEXTS: Readonly<Record<MissingReason, { readonly reason: TextPair; readonly hint?: TextPair }>> = {
  expired: {
    reason: {
      zh: '平台没有这个录音：已超过 7 天',
      en: 'the platform has no such recording: it is past its seven days',
    },
    hint: {
      zh: '已永久删除。请每天运行 recordings download。',
      en: 'Deleted for good. Run recordings download every day.',
    },
  },
  'too-short': {
    reason: {
      zh: '平台没有这个录音：通话约 3 秒或更短时往往没有录音文件',
      en: 'the platform has no such recording: calls of about 3 seconds or less often have no file',
    },
    hint: { zh: '只缺几秒录音，无需处理。', en: 'Nothing is lost but a few seconds.' },
  },
  'wrong-name': {
    reason: {
      zh: '平台没有这个录音，但有其他录音：文件名或域名有误，或录音尚未生成',
      en: 'the platform has no such recording, but it has others: file name or domain is wrong, or it is not ready yet',
    },
    hint: {
      zh: '与话单中的 recordObjectName 和 recordDomain 核对；下次运行会再试。',
      en: 'Compare recordObjectName and recordDomain with the CDR; the next run tries again.',
    },
  },
  arrears: {
    reason: {
      zh: '平台没有这个录音，本次也没有给出任何其他录音：账号可能欠费，或文件名有误',
      en: 'the platform has no such recording, nor has it handed out another: the account may be in arrears, or the name is wrong',
    },
    hint: {
      zh: '先在控制台查看余额：欠费期间 7 天照常计算。',
      en: 'Look at the balance in the console first: while it is negative the seven days run on.',
    },
  },
  overdue: { reason: { zh: '已超过平台保存的 7 天', en: 'past the seven days that the platform keeps it' } },
  'under-3-s': { reason: { zh: '通话不足 3 秒，没有录音文件', en: 'calls of under 3 seconds have no file' } },
  'no-location': {
    reason: { zh: '话单中没有录音文件名，也没有下载地址', en: 'the call record names no file and no address' },
  },
  'too-many-failed': { reason: { zh: '未尝试：失败过多', en: 'not tried: too many others failed' } },
  'window-closed': { reason: { zh: '未尝试：已过下载时段', en: 'not tried: the window closed' } },
};

/** A reason in plain words. */
export function missingText(why: MissingReason): TextPair {
  return MISSING_TEXTS[why].reason;
}

/** A reason as a failure, with its hint. */
export function missingError(why: MissingReason, cause?: unknown): AppError {
  return new AppError('recording-not-found', missingText(why), { hint: MISSING_TEXTS[why].hint, cause });
}
