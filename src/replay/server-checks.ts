import type { Mode } from '../domain/mode.js';
import type { TextPair } from '../domain/text-pair.js';

/** One thing that a server of the team must be able to do. */
export interface ServerCheck {
  readonly check: string;
  readonly title: TextPair;
  /** What follows when it does not. */
  readonly meaning: TextPair;
  /** What to mend. */
  readonly remedy: TextPair;
  /** Only for applications of these modes; all unless given. */
  readonly modes?: readonly Mode[];
}

const LOST: TextPair = {
  zh: '平台只认 HTTP 200：最多再推 6 次，约 10 小时后放弃，数据从此找不回',
  en: 'the platform takes only HTTP 200 for an answer: it pushes up to 6 times more, gives up after ten hours or so, and nothing brings the data back',
};
const STORE_FIRST: TextPair = {
  zh: '先保存原文，立即答 HTTP 200，再解析',
  en: 'keep the body as it came, answer HTTP 200 at once, parse it afterwards',
};
const REFUSED_OFTEN: TextPair = {
  zh: '平台会把答了非 200 的推送一再重推，直到放弃',
  en: 'what is not answered 200 comes again and again until the platform gives up',
};

/** The checks, in the order in which they run. Sources: privatenumber_02_0006 to _0008, pn_faq_00028, pn_faq_spec06 (read 2026-07). */
export const SERVER_CHECKS = [
  check('call-events', ['呼叫事件', 'call events of one call'], LOST, STORE_FIRST),
  check('cdr', ['已接通呼叫的话单', 'CDR of an answered call'], LOST, STORE_FIRST),
  check('cdr-unanswered', ['未接通呼叫的话单', 'CDR of a call that nobody answered'], LOST, {
    zh: '未接通的呼叫也有话单，应答等时间缺省或为空，按可选字段处理',
    en: 'calls that fail have CDRs too, without times of answer: take these fields as optional',
  }),
  { ...check('sms-notify', ['短信通知', 'SMS notice'], LOST, STORE_FIRST), modes: ['ax', 'axb', 'x'] },
  check('number-status', ['X 号码状态', 'state of an X number'], REFUSED_OFTEN, STORE_FIRST),
  {
    ...check(
      'block-call',
      ['X 模式呼叫控制（Block）', 'call that waits for an instruction (Block)'],
      {
        zh: '没有答复或答复格式不对，呼叫以 8014 结束',
        en: 'without an instruction in the documented form the call ends with 8014',
      },
      {
        zh: '答 HTTP 200 和 {"operation":"connect","connectInfo":{"calleeNum":"+86…"}} 或 {"operation":"close","closeInfo":{}}',
        en: 'answer HTTP 200 with {"operation":"connect","connectInfo":{"calleeNum":"+86…"}} or {"operation":"close","closeInfo":{}}',
      },
    ),
    modes: ['x'],
  },
  {
    ...check(
      'block-sms',
      ['短信控制（Block）', 'SMS that waits for an instruction (Block)'],
      {
        zh: '没有答复或答复格式不对，短信被丢弃（sendResult 7）',
        en: 'without an instruction in the documented form the SMS is discarded (sendResult 7)',
      },
      {
        zh: '答 HTTP 200 和 {"actions":[{"operation":"vNumberRoute","message":{"called":…,"calling":…}}]} 或 DiscardMessage',
        en: 'answer HTTP 200 with {"actions":[{"operation":"vNumberRoute","message":{"called":…,"calling":…}}]} or DiscardMessage',
      },
    ),
    modes: ['ax', 'x'],
  },
  check('batch', ['一次推送 50 条话单', 'fifty CDRs in one push'], LOST, {
    zh: 'feeLst 是 1 到 50 条的数组，逐条处理',
    en: 'feeLst is a list of 1 to 50 CDRs: take all of them',
  }),
  check('duplicate', ['同一推送到达两次', 'the same push a second time'], REFUSED_OFTEN, {
    zh: '重复的也答 HTTP 200；按 icid（话单）、sessionId + eventType（事件）、smsIdentifier（短信）去重',
    en: 'answer HTTP 200 to copies too, and know them by icid (CDR), sessionId + eventType (event), smsIdentifier (SMS)',
  }),
  check('out-of-order', ['话单先到，事件倒序', 'CDR first, then the events backwards'], LOST, {
    zh: '不要依赖到达顺序，用 sessionId 关联',
    en: 'do not count on the order of arrival: join by sessionId',
  }),
  check('unknown-fields', ['未知字段与 64 位数字', 'unknown fields, 64-bit numbers'], LOST, {
    zh: '忽略不认识的字段：平台会随时增加',
    en: 'pass over fields that are not known: the platform adds some now and then',
  }),
  check('empty-fields', ['空字符串、null、怪异的时间', 'empty texts, null, odd times'], LOST, {
    zh: '空字符串和 null 按缺省处理，时间解析失败不能拒收',
    en: 'take empty texts and null for missing; a time that cannot be read is no reason to refuse a push',
  }),
  check('big-body', ['50 条字段写满的话单', 'fifty CDRs with every field full'], LOST, {
    zh: '请求体上限至少 1 MB',
    en: 'allow bodies of at least 1 MB',
  }),
  {
    ...check(
      'long-sms',
      ['2000 字短信，含中文、表情、换行', 'SMS of 2000 characters: Chinese, emoji, line breaks'],
      LOST,
      {
        zh: '按 UTF-8 解码，数据库列用 utf8mb4 并留足长度',
        en: 'decode UTF-8, and give the column room and four bytes a character (utf8mb4)',
      },
    ),
    modes: ['ax', 'axb', 'x'],
  },
  check(
    'wrong-signature',
    ['签名错误的推送', 'push with a wrong signature'],
    { zh: '知道地址的人都能伪造话单', en: 'whoever knows the address can make up call records' },
    { zh: '校验 X-AKSK / X-WSSE，不对则答 401', en: 'check X-AKSK or X-WSSE and answer 401 when it does not hold' },
  ),
  check('slow-sender', ['请求体来得很慢', 'body that comes slowly'], LOST, {
    zh: '读请求体的超时至少留几秒',
    en: 'wait for a body for some seconds at least',
  }),
  check(
    'cut-connection',
    ['连接中途断开', 'connection cut in the middle'],
    { zh: '一次断线不能影响后面的推送', en: 'one broken connection must not stop those behind it' },
    { zh: '捕获读取错误，丢弃半截请求体', en: 'catch the error of reading and drop the half body' },
  ),
  check('concurrent', ['32 条推送同时到达', 'thirty-two pushes at once'], LOST, {
    zh: '不要串行处理，接收时不做慢操作',
    en: 'take them side by side; do nothing slow before the answer',
  }),
  check(
    'whole-address',
    ['请求行带完整 URL', 'whole address in the request line'],
    {
      zh: '平台的请求行可能带完整 URL，代理须能处理',
      en: 'the platform may write the whole address into the request line, and proxies must cope',
    },
    { zh: '让代理或框架接受 absolute-form', en: 'let the proxy or framework take the absolute form' },
  ),
] as const satisfies readonly ServerCheck[];

/** Name of a check. */
export type CheckName = (typeof SERVER_CHECKS)[number]['check'];

function check<N extends string>(
  name: N,
  [zh, en]: readonly [string, string],
  meaning: TextPair,
  remedy: TextPair,
): ServerCheck & { readonly check: N } {
  return { check: name, title: { zh, en }, meaning, remedy };
}
