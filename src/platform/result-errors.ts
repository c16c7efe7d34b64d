import type { ResultCodeEntry } from '../domain/catalogues/catalogue-entry.js';
import { RESULT_CODES } from '../domain/catalogues/result-codes.js';
import { formatMode } from '../domain/mode.js';
import { maskText } from '../domain/phone-number.js';
import { joinPairs, sameText, type TextPair, BETWEEN_SENTENCES } from '../domain/text-pair.js';
import { AppError, type ErrorCode } from '../errors.js';
import type { InterfaceDeclaration } from './declarations/declaration.js';
import { OPERATIONS_ZH } from './declarations/operations-zh.js';
import { ERROR_OF_RESULT, RECORD_MISSING } from './result-error-codes.js';

/** A refusal as it came, and what was asked. */
export interface Refusal {
  readonly httpStatus: number;
  readonly resultcode: string | undefined;
  readonly resultdesc: string | undefined;
  /** `undefined` for a raw request. */
  readonly declaration: Pick<InterfaceDeclaration, 'operation' | 'mode'> | undefined;
  /** Our clock less the platform's, in seconds; `undefined` when the answer had no `Date`. */
  readonly skewSeconds?: number | undefined;
}

/**
 * The refusal as the tool's own error: exit code by its result code (by HTTP status for an unknown one), its meaning, the
 * remedy as hint. Phone numbers in the platform's text are masked.
 */
export function resultError(refusal: Refusal): AppError {
  const { httpStatus, resultcode } = refusal;
  const resultdesc = refusal.resultdesc === undefined ? undefined : maskText(refusal.resultdesc);
  const code = errorCodeOf(refusal);
  const entry = entryOf(refusal);
  const words = joinPairs([whatFailed(refusal), reasonOf(refusal, entry, resultdesc)], sameText(''));
  return new AppError(code, words, {
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

function whatFailed({ declaration }: Refusal): TextPair {
  if (declaration === undefined) return { zh: '请求被拒绝：', en: 'request refused: ' };
  const mode = declaration.mode === undefined ? '' : `${formatMode(declaration.mode)} `;
  return {
    zh: `${mode}${OPERATIONS_ZH[declaration.operation]}被拒绝：`,
    en: `${mode}${declaration.operation.replace('-', ' ')} refused: `,
  };
}

function reasonOf(refusal: Refusal, entry: ResultCodeEntry | undefined, resultdesc: string | undefined): TextPair {
  const code = refusal.resultcode ?? `HTTP ${refusal.httpStatus}`;
  const theirs = resultdesc ?? entry?.message;
  const meaning = entry?.meaningZh;
  return {
    zh:
      meaning === undefined
        ? `${theirs ?? '平台未说明原因'}（${code}）`
        : `${meaning}（${theirs === undefined ? code : `${code}，${theirs}`}）`,
    en: `${theirs ?? 'the platform gave no reason'} (${code})`,
  };
}

const RECORDING_MISSING: TextPair = {
  zh: '可能原因：账号欠费；文件名或域名有误；话单推送已超过 7 天，录音已删除。',
  en: 'One of three: the account is in arrears; file name or domain is wrong; the call record was pushed more than 7 days ago and the recording is deleted.',
};
const BINDING_MISSING: TextPair = {
  zh: '检查号码和绑定ID；绑定可能已到期、已解绑，或属于其他应用。',
  en: 'Check number and binding ID: the binding may have expired, been removed, or belong to another application.',
};

function hintOf(code: ErrorCode, refusal: Refusal, entry: ResultCodeEntry | undefined): TextPair | undefined {
  if (code === 'recording-not-found') return RECORDING_MISSING;
  if (refusal.resultcode === '1012007') return BINDING_MISSING;
  const { remedyZh, remedyEn } = entry ?? {};
  const remedy = [remedyZh, remedyEn].every((one) => one === undefined)
    ? undefined
    : { zh: remedyZh ?? remedyEn ?? '', en: remedyEn ?? remedyZh ?? '' };
  if (code !== 'clock-skewed' || refusal.skewSeconds === undefined) return remedy;
  const skew = skewHint(refusal.skewSeconds);
  return remedy === undefined ? skew : joinPairs([remedy, skew], BETWEEN_SENTENCES);
}

function skewHint(skewSeconds: number): TextPair {
  const seconds = Math.abs(Math.round(skewSeconds));
  const isBehind = skewSeconds < 0;
  return {
    zh: `本机时钟比平台${isBehind ? '慢' : '快'} ${seconds} 秒。`,
    en: `This machine's clock is ${seconds} s ${isBehind ? 'behind' : 'ahead of'} the platform's.`,
  };
}
