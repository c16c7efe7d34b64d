import type { Binding } from '../domain/binding.js';
import type { CallEvent } from '../domain/call-event.js';
import type { CallRecord } from '../domain/call-record.js';
import type { Cause } from '../domain/cause.js';
import { formatMode } from '../domain/mode.js';
import type { NumberStatus } from '../domain/number-status.js';
import { OUTCOME_TEXTS } from '../domain/outcome.js';
import type { Sms } from '../domain/sms.js';
import type { CellPainter, Column } from '../output/view.js';

/**
 * A session is told from others by counters and a time that stand before the `@`, 35 characters in most: cut shorter, those of one day look alike. The files
 * of recordings are named after it.
 */
export const SESSION_KEEPS = 36;

const DIRECTIONS: Readonly<Record<string, string>> = {
  both: 'A⇄B',
  'a-to-b': 'A→B',
  'b-to-a': 'B→A',
  abnormal: '?',
};

/** A code with its words in the chosen language, the code alone where no table has it. */
export function causeText(cause: Cause | undefined, paint: CellPainter): string | undefined {
  if (cause === undefined) return undefined;
  const words = paint.words(cause);
  return words === undefined ? cause.code : `${cause.code} ${words}`;
}

/** When a binding ends; `null`: it does not. */
export function endText(expiresAt: Date | null | undefined, paint: CellPainter): string | undefined {
  return expiresAt === null ? paint.words({ zh: '永久', en: 'never' }) : paint.instant(expiresAt);
}

/** `drops` of B: without it the pairs on an X look alike, so all else is left out before. At 80 columns it has room beside A and X where the ID is cut. */
const PAIR = 0.5;
/** So much of an ID tells it from others. An ID is typed again, so it is whole unless B needs the room. */
const ID_KEEPS = 20;

/** Columns of bindings, from the platform or the ledger. */
export const BINDING_COLUMNS: readonly Column<Binding>[] = [
  { field: 'subscriptionId', title: { zh: '绑定ID', en: 'Binding ID' }, cutsFor: PAIR, keeps: ID_KEEPS },
  { field: 'mode', title: { zh: '模式', en: 'Mode' }, drops: 5, cell: ({ mode }) => formatMode(mode) },
  { field: 'a', title: { zh: 'A号码', en: 'A' } },
  { field: 'b', title: { zh: 'B号码', en: 'B' }, drops: PAIR },
  { field: 'x', title: { zh: 'X号码', en: 'X' } },
  { field: 'y', title: { zh: 'Y号码', en: 'Y' }, drops: 4 },
  { field: 'extension', title: { zh: '分机号', en: 'Ext' }, drops: 1 },
  {
    field: 'direction',
    title: { zh: '方向', en: 'Direction' },
    drops: 6,
    cell: ({ direction }) => DIRECTIONS[direction ?? ''],
  },
  { field: 'recording', title: { zh: '录音', en: 'Recorded' }, drops: 7 },
  { field: 'userData', title: { zh: '用户数据', en: 'User data' }, cuts: true, drops: 8 },
  { field: 'createdAt', title: { zh: '绑定时间', en: 'Created' }, drops: 9 },
  {
    field: 'expiresAt',
    title: { zh: '到期', en: 'Expires' },
    drops: 3,
    cell: ({ expiresAt }, paint) => endText(expiresAt, paint),
  },
];

/** Columns of calls in a list. */
export const CALL_COLUMNS: readonly Column<CallRecord>[] = [
  { field: 'startedAt', title: { zh: '开始', en: 'Started' } },
  {
    field: 'mode',
    title: { zh: '模式', en: 'Mode' },
    drops: 5,
    cell: ({ mode }) => (mode === undefined ? undefined : formatMode(mode)),
  },
  {
    field: 'direction',
    title: { zh: '方向', en: 'Dir' },
    drops: 2,
    cell: ({ direction }) => DIRECTIONS[direction ?? ''],
  },
  { field: 'caller', title: { zh: '主叫', en: 'Caller' } },
  { field: 'x', title: { zh: 'X号码', en: 'X' } },
  { field: 'callee', title: { zh: '被叫', en: 'Callee' }, drops: 1 },
  { field: 'extension', title: { zh: '分机', en: 'Ext' }, drops: 6 },
  {
    field: 'talkSeconds',
    title: { zh: '通话', en: 'Talk' },
    cell: ({ talkSeconds }, paint) => paint.seconds(talkSeconds),
    align: 'right',
  },
  { field: 'billedMinutes', title: { zh: '计费分钟', en: 'Min' }, drops: 4, align: 'right' },
  {
    field: 'outcome',
    title: { zh: '结果', en: 'Outcome' },
    cell: ({ outcome }, paint) => {
      const words = paint.words(OUTCOME_TEXTS[outcome]) ?? outcome;
      return outcome === 'answered' ? paint.good(words) : words;
    },
  },
  {
    field: 'cause.code',
    title: { zh: '原因', en: 'Cause' },
    cuts: true,
    drops: 3,
    cell: ({ cause }, paint) => causeText(cause, paint),
  },
  {
    field: 'recording.fileName',
    title: { zh: '录音', en: 'Rec' },
    drops: 4,
    cell: ({ recording }) => (recording === undefined ? undefined : '●'),
  },
  { field: 'sessionId', title: { zh: '会话', en: 'Session' }, cuts: true, keeps: SESSION_KEEPS, drops: 8 },
];

/** Rows of one call. */
export const CALL_DETAIL_COLUMNS: readonly Column<CallRecord>[] = [
  ...CALL_COLUMNS.filter(({ field }) => !['recording.fileName', 'sessionId'].includes(field)),
  { field: 'ringingAt', title: { zh: '振铃', en: 'Ringing' } },
  { field: 'answeredAt', title: { zh: '应答', en: 'Answered' } },
  { field: 'endedAt', title: { zh: '结束', en: 'Ended' } },
  {
    field: 'ringSeconds',
    title: { zh: '振铃时长', en: 'Rang' },
    cell: ({ ringSeconds }, paint) => paint.seconds(ringSeconds),
  },
  { field: 'subscriptionId', title: { zh: '绑定ID', en: 'Binding ID' } },
  { field: 'recording.fileName', title: { zh: '录音文件', en: 'Recording' }, drops: 7 },
  { field: 'recording.domain', title: { zh: '录音域名', en: 'Recording host' } },
  { field: 'userData', title: { zh: '用户数据', en: 'User data' } },
  { field: 'sessionId', title: { zh: '会话', en: 'Session' } },
  { field: 'icid', title: { zh: '话单ID', en: 'Record ID' } },
];

/** Columns of SMS notices. */
export const SMS_COLUMNS: readonly Column<Sms>[] = [
  { field: 'at', title: { zh: '时间', en: 'At' } },
  { field: 'notificationMode', title: { zh: '类型', en: 'Kind' }, drops: 3 },
  { field: 'caller', title: { zh: '发送方', en: 'From' } },
  { field: 'x', title: { zh: 'X号码', en: 'X' } },
  { field: 'callee', title: { zh: '接收方', en: 'To' }, drops: 1 },
  {
    field: 'result.code',
    title: { zh: '结果', en: 'Result' },
    cuts: true,
    cell: ({ result }, paint) => causeText(result, paint),
  },
  { field: 'content', title: { zh: '内容', en: 'Text' }, cuts: true, drops: 2 },
  { field: 'smsId', title: { zh: '短信ID', en: 'SMS ID' }, cuts: true, drops: 4 },
];

/** Columns of call events. */
export const EVENT_COLUMNS: readonly Column<CallEvent>[] = [
  { field: 'at', title: { zh: '时间', en: 'At' } },
  { field: 'type', title: { zh: '事件', en: 'Event' } },
  { field: 'caller', title: { zh: '主叫', en: 'Caller' }, drops: 2 },
  { field: 'callee', title: { zh: '被叫', en: 'Callee' }, drops: 1 },
  { field: 'digits', title: { zh: '按键', en: 'Digits' }, drops: 3 },
  {
    field: 'cause.code',
    title: { zh: '原因', en: 'Cause' },
    cuts: true,
    cell: ({ cause }, paint) => causeText(cause, paint),
  },
  { field: 'sessionId', title: { zh: '会话', en: 'Session' }, cuts: true, keeps: SESSION_KEEPS, drops: 4 },
];

const KIND_WORDS = {
  CallRecord: { zh: '话单', en: 'CDR' },
  Sms: { zh: '短信', en: 'SMS' },
  CallEvent: { zh: '事件', en: 'event' },
  NumberStatus: { zh: '号码', en: 'number' },
} as const;

/** Any mix of records: what they have in common, and what each says. */
export const RECORD_COLUMNS: readonly Column<CallRecord | Sms | CallEvent | NumberStatus>[] = [
  { field: 'kind', title: { zh: '类型', en: 'Kind' }, cell: ({ kind }, paint) => paint.words(KIND_WORDS[kind]) },
  {
    field: 'at',
    title: { zh: '时间', en: 'At' },
    cell: (record, paint) => paint.instant(timeOf(record)),
    value: timeOf,
  },
  { field: 'caller', title: { zh: '主叫', en: 'From' } },
  { field: 'x', title: { zh: 'X号码', en: 'X' } },
  { field: 'callee', title: { zh: '被叫', en: 'To' }, drops: 2 },
  {
    field: 'talkSeconds',
    title: { zh: '通话', en: 'Talk' },
    drops: 3,
    cell: (record, paint) => ('talkSeconds' in record ? paint.seconds(record.talkSeconds) : undefined),
    align: 'right',
  },
  { field: 'billedMinutes', title: { zh: '计费分钟', en: 'Min' }, drops: 5, align: 'right' },
  {
    field: 'what',
    title: { zh: '结果', en: 'What' },
    cuts: true,
    cell: whatHappened,
    value: plainWhat,
  },
  { field: 'sessionId', title: { zh: '会话', en: 'Session' }, cuts: true, keeps: SESSION_KEEPS, drops: 4 },
];

const STATUS_COLUMNS: readonly Column<NumberStatus>[] = [
  { field: 'x', title: { zh: 'X号码', en: 'X' } },
  { field: 'status.code', title: { zh: '状态', en: 'Status' }, cell: ({ status }, paint) => causeText(status, paint) },
  { field: 'cause.code', title: { zh: '原因', en: 'Cause' }, cell: ({ cause }, paint) => causeText(cause, paint) },
  { field: 'at', title: { zh: '到达', en: 'Received' } },
];

/** Rows for one record of any kind. */
export function detailColumns(record: CallRecord | Sms | CallEvent | NumberStatus): readonly Column<typeof record>[] {
  const columns = {
    CallRecord: CALL_DETAIL_COLUMNS,
    Sms: SMS_COLUMNS,
    CallEvent: EVENT_COLUMNS,
    NumberStatus: STATUS_COLUMNS,
  }[record.kind];
  return columns as readonly Column<typeof record>[];
}

function timeOf(record: CallRecord | Sms | CallEvent | NumberStatus): Date | undefined {
  return record.kind === 'CallRecord' ? record.startedAt : record.at;
}

/** What happened, for programs: outcome, result code, event or state. */
function plainWhat(record: CallRecord | Sms | CallEvent | NumberStatus): string | undefined {
  switch (record.kind) {
    case 'CallRecord':
      return record.outcome;
    case 'Sms':
      return record.result?.code ?? record.notificationMode;
    case 'CallEvent':
      return record.type;
    case 'NumberStatus':
      return record.status?.code;
  }
}

function whatHappened(record: CallRecord | Sms | CallEvent | NumberStatus, paint: CellPainter): string | undefined {
  switch (record.kind) {
    case 'CallRecord':
      return [paint.words(OUTCOME_TEXTS[record.outcome]), causeText(record.cause, paint)].filter(Boolean).join(' · ');
    case 'Sms':
      return [record.notificationMode, causeText(record.result, paint)].filter(Boolean).join(' · ');
    case 'CallEvent':
      return [record.type, record.digits, causeText(record.cause, paint)].filter(Boolean).join(' · ');
    case 'NumberStatus':
      return [causeText(record.status, paint), causeText(record.cause, paint)].filter(Boolean).join(' · ');
  }
}
