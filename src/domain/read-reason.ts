import { counted } from './counted.js';
import type { TextPair } from './text-pair.js';

/** Why something saved cannot be read: in English, as data has it, with its Chinese. */
const CHINESE = {
  // Of files of any origin.
  empty: '空文件',
  'no .json, .ndjson, .jsonl, .log, .txt, .http, .cdr or .gz file in it':
    '其中没有 .json、.ndjson、.jsonl、.log、.txt、.http、.cdr 或 .gz 文件',
  // As the system says it.
  'no permission': '没有读取权限',
  'there is no such file': '文件不存在',
  'its links lead in a circle': '符号链接形成循环',
  'cut short': '内容不完整，末尾被截断',
  'cut short: the array has no end': '内容不完整：数组没有结尾',
  'holds no JSON': '没有 JSON 内容',
  'damaged array': '数组已损坏',
  damaged: '已损坏',
  'damaged or cut short': '已损坏或被截断',
  'nested too deeply': '嵌套层数过多',
  'not JSON': '不是 JSON',
  'not a notification': '不是平台的通知',
  'a push whose body is no JSON': '推送的消息体不是 JSON',
  'the gzip file is cut short': 'gzip 文件不完整，末尾被截断',
  'the gzip file is damaged': 'gzip 文件已损坏',
  // Of lines that the tool has written.
  'it has no head': '没有首行',
  'the body is no text': '消息体不是文本',
  'the checksum of the body does not match': '消息体的校验和不符',
  'the checksum of the line does not match': '该行的校验和不符',
  'the line cannot be read': '该行无法读取',
  'the line has an unknown state': '该行的状态未知',
  'the line has no binding': '该行没有绑定关系',
  'the line has no body': '该行没有消息体',
  'the line has no checksum of the body': '该行没有消息体的校验和',
  'the line has no instant of arrival': '该行没有到达时间',
  'the line has no key': '该行没有键',
  'the line has no origins': '该行没有来源',
  'the line has no sequence': '该行没有序号',
  'the line has no state': '该行没有状态',
  'the line has no valid instant': '该行没有有效的时间',
  'the line is incomplete': '该行不完整',
  'the line is no object': '该行不是对象',
  'the line is none of a job': '该行不属于批量任务',
  'the line is not JSON': '该行不是 JSON',
  'the line is too long': '该行过长',
  'the line names no file': '该行没有文件名',
} as const;

type TooLarge = `larger than ${number} characters`;
type BadEntries = `${number} entries of the list are no objects`;
type NotUtf8 = `bytes that are no UTF-8 (${string} of the file); as text they are U+FFFD${string}`;

type TornEnd =
  `the last line was cut off, never acknowledged; what there is of it (${string}) is set aside in ${string}`;

/** Why something saved cannot be read, in English. Each has its Chinese here. */
export type ReadReason = keyof typeof CHINESE | TooLarge | BadEntries | NotUtf8 | TornEnd;

/** Of an input in which there is nothing, or nothing but blanks: worth a word, but nothing is lost by it. */
export const EMPTY_INPUT = 'empty' satisfies ReadReason;

/** Of a folder in which nothing has the name of a file to read: no failure either. */
export const EMPTY_FOLDER = 'no .json, .ndjson, .jsonl, .log, .txt, .http, .cdr or .gz file in it' satisfies ReadReason;

/** Of an input that was read, though bytes in so many of its lines are no UTF-8. */
export function notUtf8(lines: number): ReadReason {
  const count = counted(lines, 'line');
  return `bytes that are no UTF-8 (${count} of the file); as text they are U+FFFD. GB18030? iconv -f GB18030 -t UTF-8`;
}

/** Whether a reason is one of {@link notUtf8}. */
export function isNotUtf8(reason: string): boolean {
  return reason.startsWith('bytes that are no UTF-8 (');
}

/** A reason in both languages; in English where it is no {@link ReadReason}. */
export function describeReason(reason: string): TextPair {
  return { zh: chineseOf(reason) ?? reason, en: reason };
}

/** Reasons that name a figure or a file. */
const PATTERNS: readonly (readonly [pattern: RegExp, chinese: string])[] = [
  [/^larger than (\d+) characters$/, '超过 $1 个字符'],
  [
    /^bytes that are no UTF-8 \((\d+) lines? of the file\); as text they are U\+FFFD. GB18030\? (.*)$/,
    '含有非 UTF-8 字节（文件中共 $1 行），文本显示为 U+FFFD。若为 GB18030：$2',
  ],
  [/^(\d+) entries of the list are no objects$/, '列表中有 $1 项不是对象'],
  [
    /^the last line was cut off, never acknowledged; what there is of it \((\d+) bytes?\) is set aside in (.*)$/,
    '最后一行被截断，从未应答；剩余的 $1 个字节已移到 $2',
  ],
];

function chineseOf(reason: string): string | undefined {
  if (Object.hasOwn(CHINESE, reason)) return CHINESE[reason as keyof typeof CHINESE];
  const [pattern, chinese] = PATTERNS.find(([one]) => one.test(reason)) ?? [];
  return pattern === undefined || chinese === undefined ? undefined : reason.replace(pattern, chinese);
}
