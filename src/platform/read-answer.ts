import { maskPhoneNumber } from '../domain/phone-number.js';
import { sameText } from '../domain/text-pair.js';
import { AppError } from '../errors.js';
import type { InterfaceDeclaration } from './declarations/declaration.js';
import { isObject } from './declarations/decode-wire.js';
import type { Answer } from './platform.js';
import { resultError } from './result-errors.js';
import type { WireAnswer } from './transport.js';

/** An answer read to its end. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** What the reply is judged against. */
export interface Asked {
  /** `undefined` for a raw request. */
  readonly declaration: InterfaceDeclaration | undefined;
  readonly url: URL;
  readonly now: Date;
}

/** No answer of the platform comes near it: a page of 100 pairs has about 40 KB. */
const LIMIT_BYTES = 4 * 1024 * 1024;
const REDIRECTS = [301, 302, 303, 307, 308];

/** Reads the body, as UTF-8. @throws AppError `answer-unreadable` beyond 4 MiB, and what the body rejects with. */
export async function readReply(answer: WireAnswer): Promise<Reply> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of answer.body) {
    size += part.length;
    if (size > LIMIT_BYTES) {
      throw new AppError('answer-unreadable', {
        zh: `应答（HTTP ${answer.status}）超过 4 MiB`,
        en: `the answer (HTTP ${answer.status}) is longer than 4 MiB`,
      });
    }
    parts.push(part);
  }
  return { status: answer.status, headers: answer.headers, text: Buffer.concat(parts).toString('utf8') };
}

/** The body as a JSON object, whatever its content type; `undefined` when it is none. */
export function jsonObjectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  // An address comes as a redirect, often with a page of HTML: to have that refused by the parser took 0.1 ms a recording.
  if (!/^\ufeff?[ \t\r\n]*\{/.test(text)) return undefined;
  try {
    const body: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    return isObject(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

/** Text of a field of the platform, numbers included; `undefined` when it is empty or neither. */
export function textField(body: Readonly<Record<string, unknown>> | undefined, name: string): string | undefined {
  const value = body?.[name];
  return (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined;
}

/**
 * The answer of a request that succeeded: `resultcode` 0, or a redirect of the recording address.
 * @throws AppError by result code, by HTTP status where there is none, `answer-unreadable` for anything that the platform would not say.
 */
export function successOf(reply: Reply, asked: Asked): Answer {
  const { status, headers } = reply;
  const body = jsonObjectOf(reply.text);
  if (REDIRECTS.includes(status) && asked.declaration?.operation === 'recording-address') {
    return { status, headers, body: body ?? {} };
  }
  const resultcode = textField(body, 'resultcode');
  const good = status >= 200 && status < 300;
  if (good && resultcode === '0' && body !== undefined) return { status, headers, body };
  if (status === 404 && resultcode === undefined) throw unknownPath(asked);
  if (resultcode === undefined && (good || (status < 500 && status !== 429))) throw unreadable(reply, asked);
  throw resultError({
    httpStatus: status,
    resultcode: resultcode === '0' ? undefined : resultcode,
    resultdesc: textField(body, 'resultdesc'),
    declaration: asked.declaration,
    skewSeconds: skewOf(reply, asked.now),
  });
}

function skewOf(reply: Reply, now: Date): number | undefined {
  const theirs = Date.parse(reply.headers.date ?? '');
  return Number.isNaN(theirs) ? undefined : (now.getTime() - theirs) / 1000;
}

function unknownPath({ url }: Asked): AppError {
  const where = `${url.origin}${url.pathname}`;
  const words = { zh: `平台不认识 ${where}（HTTP 404）`, en: `the platform does not know ${where} (HTTP 404)` };
  return new AppError('path-not-found', words, {
    hint: {
      zh: '可能原因：APP接入地址有误（以控制台应用管理为准），或平台没有这个接口地址。',
      en: 'Either the access address is wrong (copy it from the application in the console), or the platform does not serve this path.',
    },
    platform: { httpStatus: 404 },
  });
}

/** What no platform says: a page of a proxy, a wrong host. Shows its beginning, without control characters and numbers. */
function unreadable({ status, text }: Reply, { url }: Asked): AppError {
  const printable = text.replace(/[^\x20-\x7e\u00a1-\u1fff\u3001-\ud7ff]+/g, ' ').trim();
  // Masked before it is cut: half a number would not be recognised any more. Every long run of digits may be one here.
  const start = printable.replace(/\+?\d{7,}/g, (found) => maskPhoneNumber(found)).slice(0, 80);
  const shown = start === '' ? { zh: '空', en: 'nothing' } : sameText(start);
  const words = {
    zh: `${url.hostname} 的应答（HTTP ${status}）不是平台的应答：${shown.zh}`,
    en: `${url.hostname} does not answer as the platform does (HTTP ${status}): ${shown.en}`,
  };
  return new AppError('answer-unreadable', words, {
    hint: {
      zh: '检查 APP接入地址和代理设置。',
      en: 'Check the access address, and whether a proxy stands in between.',
    },
    platform: { httpStatus: status },
  });
}
