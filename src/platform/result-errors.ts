import type { ResultCodeEntry } from '../domain/catalogues/catalogue-entry.js';
import { RESULT_CODES } from '../domain/catalogues/result-codes.js';
import { formatMode } from '../domain/mode.js';
import { maskText } from '../domain/phone-number.js';
import { AppError, type ErrorCode } from '../errors.js';
import type { InterfaceDeclaration } from './declarations/declaration.js';
import { ERROR_OF_RESULT, RECORD_MISSING } from './result-error-codes.js';

/** Language of messages and hints for people. */
export type Lang = 'zh' | 'en';

/** A refusal as it came, and what was asked. */
export interface Refusal {
  readonly httpStatus: number;
  readonly resultcode: string | undefined;
  readonly resultdesc: string | undefined;
  /** `undefined` for a raw request. */
  readonly declaration: Pick<InterfaceDeclaration, 'operation' | 'mode'> | undefined;
  readonly lang: Lang;
  /** Our clock less the platform's, in seconds; `undefined` when the answer had no `Date`. */
  readonly skewSeconds?: number | undefined;
}

const OPERATIONS_ZH: Readonly<Record<InterfaceDeclaration['operation'], string>> = {
  bind: '绑定',
  unbind: '解绑',
  update: '修改绑定',
  query: '查询绑定',
  callee: '设置临时被叫',
  hangup: '终止呼叫',
  'recording-address': '获取录音地址',
};

/**
 * The refusal as the tool's own error: exit code by its result code (by HTTP status for an unknown one), the meaning in `lang`, the
 * remedy as hint. Phone numbers in the platform's text are masked.
 */
export function resultError(refusal: Refusal): AppError {
  const { httpStatus, resultcode } = refusal;
  const resultdesc = refusal.resultdesc === undefined ? undefined : maskText(refusal.resultdesc);
  const code = errorCodeOf(refusal);
  const entry = entryOf(refusal);
  return new AppError(code, `${whatFailed(refusal)}${reasonOf(refusal, entry, resultdesc)}`, {
    hint: hintOf(code, refusal, entry),
    platform: { httpStatus, resultcode, resultdesc },
  });
}

/** The failure that a refusal is. `1010010` is decided by its status, by its text where the status says nothing. */
function errorCodeOf(refusal: Refusal): ErrorCode {
  const { httpStatus, resultcode = '' } = refusal;
  if (resultcode === '1012007' || resultcode === '1016001') {
    return RECORD_MISSING.get(refusal.declaration?.operation ?? '') ?? 'binding-not-found';
  }
  if (resultcode === '1010010' && httpStatus !== 401 && httpStatus !== 403) {
    return /digest/i.test(refusal.resultdesc ?? '') ? 'signature-rejected' : 'flow-control';
  }
  return ERROR_OF_RESULT.get(`${resultcode}@${httpStatus}`) ?? ERROR_OF_RESULT.get(resultcode) ?? byStatus(httpStatus);
}

function byStatus(httpStatus: number): ErrorCode {
  if (httpStatus === 401) return 'signature-rejected';
  if (httpStatus === 404) return 'path-not-found';
  if (httpStatus === 429) return 'flow-control';
  return httpStatus >= 500 ? 'platform-failure' : 'request-rejected';
}

function entryOf(refusal: Refusal): ResultCodeEntry | undefined {
  const same = RESULT_CODES.filter((entry) => entry.code === refusal.resultcode);
  return same.find((entry) => entry.httpStatus === refusal.httpStatus) ?? same[0];
}

function whatFailed({ declaration, lang }: Refusal): string {
  if (declaration === undefined) return lang === 'zh' ? '请求被拒绝：' : 'request refused: ';
  const mode = declaration.mode === undefined ? '' : `${formatMode(declaration.mode)} `;
  if (lang === 'zh') return `${mode}${OPERATIONS_ZH[declaration.operation]}被拒绝：`;
  return `${mode}${declaration.operation.replace('-', ' ')} refused: `;
}

function reasonOf(refusal: Refusal, entry: ResultCodeEntry | undefined, resultdesc: string | undefined): string {
  const code = refusal.resultcode ?? `HTTP ${refusal.httpStatus}`;
  const theirs = resultdesc ?? entry?.message;
  if (refusal.lang === 'en' || entry?.meaningZh === undefined) {
    const text = theirs ?? (refusal.lang === 'zh' ? '平台未说明原因' : 'the platform gave no reason');
    return refusal.lang === 'zh' ? `${text}（${code}）` : `${text} (${code})`;
  }
  return `${entry.meaningZh}（${theirs === undefined ? code : `${code}，${theirs}`}）`;
}

function hintOf(code: ErrorCode, refusal: Refusal, entry: ResultCodeEntry | undefined): string | undefined {
  const zh = refusal.lang === 'zh';
  if (code === 'recording-not-found') {
    return zh
      ? '可能原因：账号欠费；文件名或域名有误；话单推送已超过 7 天，录音已删除。'
      : 'One of three: the account is in arrears; file name or domain is wrong; the call record was pushed more than 7 days ago and the recording is deleted.';
  }
  if (refusal.resultcode === '1012007') {
    return zh
      ? '检查号码和绑定ID；绑定可能已到期、已解绑，或属于其他应用。'
      : 'Check number and binding ID: the binding may have expired, been removed, or belong to another application.';
  }
  const remedy = entry === undefined ? undefined : zh ? entry.remedyZh : entry.remedyEn;
  return code === 'clock-skewed' ? `${remedy ?? ''} ${skewHint(refusal)}`.trim() : remedy;
}

function skewHint({ skewSeconds, lang }: Refusal): string {
  if (skewSeconds === undefined) return '';
  const seconds = Math.abs(Math.round(skewSeconds));
  if (lang === 'zh') return `本机时钟比平台${skewSeconds < 0 ? '慢' : '快'} ${seconds} 秒。`;
  return `This machine's clock is ${seconds} s ${skewSeconds < 0 ? 'behind' : 'ahead of'} the platform's.`;
}
