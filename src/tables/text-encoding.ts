import { sameText, type TextPair } from '../domain/text-pair.js';
import { AppError } from '../errors.js';
import type { MixedRows } from './mixed-rows.js';

/** Encodings in which spreadsheets write text. GB18030 contains GBK and GB2312, the encoding of Chinese Windows. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';

/** XLSX (a ZIP archive), which is no text, and XLS, which is not read. */
const WORKBOOKS = [
  [0x50, 0x4b, 0x03, 0x04],
  [0xd0, 0xcf, 0x11, 0xe0],
] as const;
const AS_CSV: TextPair = { zh: '请另存为 XLSX 或 CSV。', en: 'Save it as XLSX or as CSV.' };

/** @param head the first bytes of the file. @throws AppError `input-invalid` for a workbook. */
export function refuseWorkbook(head: Uint8Array, name: string): void {
  if (!WORKBOOKS.some((start) => start.every((byte, index) => head[index] === byte))) return;
  throw new AppError(
    'input-invalid',
    { zh: `${name}：是工作簿，不是文本文件`, en: `${name}: a workbook, not a text file` },
    { hint: AS_CSV },
  );
}

/** JSON as it begins; no heading does. */
const JSON_START = /^\uFEFF?\s*(?:\{\s*["}]|\[\s*[[{"\]])/;
const OF_PUSHES = /"(?:feeLst|eventType|statusInfo|smsEvent|numInfo|sessionId)"/;
const OF_THIS_TOOL = /"kind"\s*:\s*"[A-Z]\w+"/;

/** @param start of the text, some kilobytes. @throws AppError `input-invalid` for JSON: what it looks like, and what takes it. */
export function refuseJson(start: string, name: string): void {
  if (!JSON_START.test(start)) return;
  if (OF_THIS_TOOL.test(start))
    throw new AppError(
      'input-invalid',
      {
        zh: `${name}：是 privacy-call 输出的 JSON，不是表格`,
        en: `${name}: JSON that privacy-call wrote, not a table`,
      },
      { hint: { zh: '同一命令加 -o csv 输出表格。', en: 'The same command with -o csv writes a table.' } },
    );
  if (OF_PUSHES.test(start))
    throw new AppError(
      'input-invalid',
      { zh: `${name}：是 JSON 格式的已保存推送，不是表格`, en: `${name}: saved pushes in JSON, not a table` },
      {
        hint: {
          zh: `privacy-call inspect ${name} 可查看；cdr list、timeline 和 replay 也能读取。`,
          en: `privacy-call inspect ${name} shows them; cdr list, timeline and replay take them too.`,
        },
      },
    );
  throw new AppError(
    'input-invalid',
    { zh: `${name}：是 JSON，不是表格`, en: `${name}: JSON, not a table` },
    { hint: AS_CSV },
  );
}

/** The refusal of bytes that are in none of the encodings, or in several of them. */
export function notText(name: string, mixed?: MixedRows): AppError {
  const why =
    mixed === undefined
      ? sameText('')
      : {
          zh: `：第 ${mixed.utf8} 行是 UTF-8，第 ${mixed.other} 行不是`,
          en: `: row ${mixed.utf8} is UTF-8, row ${mixed.other} is not`,
        };
  return new AppError(
    'input-invalid',
    {
      zh: `${name}：不是 UTF-8、UTF-16 或 GB18030 文本${why.zh}`,
      en: `${name}: neither UTF-8, UTF-16 nor GB18030 text${why.en}`,
    },
    { hint: AS_CSV },
  );
}

/** The refusal of a NUL character. @param row the line it stands in, from 1. */
export function nulError(name: string, row: number): AppError {
  return new AppError(
    'input-invalid',
    {
      zh: `${name} 第 ${row} 行：含 NUL 字符；不是文本文件`,
      en: `${name}, row ${row}: holds a NUL character; this is not a text file`,
    },
    {
      hint: AS_CSV,
    },
  );
}
