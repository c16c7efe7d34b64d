import { formatMode } from '../../domain/mode.js';
import { type NumberRecord, statusText } from '../../numbers/list-numbers.js';
import { percent } from '../../output/percent.js';
import type { Column } from '../../output/view.js';

/** JSON fields of an X number. */
export const NUMBER_FIELD_NAMES: readonly string[] = [
  'x',
  'mode',
  'city',
  'areaCode',
  'status',
  'cause',
  'statusAt',
  'sms',
  'activeBindings',
  'capacity',
  'freeCapacity',
  'calls',
  'answered',
  'answerRate',
  'texts',
  'lastCallAt',
  'lastUseAt',
  'platformBindings',
  'askedAt',
  'origins',
  'firstAt',
  'updatedAt',
  'extra',
];

/** Columns of X numbers in a list. */
export const NUMBER_COLUMNS: readonly Column<NumberRecord>[] = [
  { field: 'x', title: { zh: 'X号码', en: 'X' } },
  {
    field: 'mode',
    title: { zh: '模式', en: 'Mode' },
    cell: ({ mode }) => (mode === undefined ? undefined : formatMode(mode)),
  },
  { field: 'city', title: { zh: '城市', en: 'City' }, drops: 2 },
  { field: 'areaCode', title: { zh: '城市码', en: 'Area' }, drops: 7 },
  {
    field: 'status',
    title: { zh: '状态', en: 'Status' },
    cell: (number, paint) => {
      const text = statusText(number);
      return text === undefined || number.status === '正常' ? text : paint.bad(text);
    },
  },
  { field: 'cause', title: { zh: '原因', en: 'Cause' }, drops: 12, cell: ({ cause }) => cause },
  { field: 'statusAt', title: { zh: '状态自', en: 'Status since' }, drops: 8 },
  { field: 'sms', title: { zh: '短信', en: 'SMS' }, drops: 9 },
  {
    field: 'activeBindings',
    title: { zh: '已绑定', en: 'Bound' },
    align: 'right',
    cell: ({ activeBindings, capacity }) =>
      capacity === undefined ? String(activeBindings) : `${activeBindings}/${capacity}`,
  },
  { field: 'capacity', title: { zh: '容量', en: 'Capacity' }, align: 'right', drops: 13 },
  { field: 'calls', title: { zh: '呼叫', en: 'Calls' }, align: 'right', drops: 3 },
  {
    field: 'answerRate',
    title: { zh: '接通率', en: 'Answered' },
    align: 'right',
    drops: 4,
    cell: ({ answered = 0, calls = 0 }) => (calls === 0 ? undefined : percent(answered, calls)),
  },
  { field: 'lastCallAt', title: { zh: '最近呼叫', en: 'Last call' }, drops: 1 },
  {
    field: 'origins',
    title: { zh: '来源', en: 'Known from' },
    cuts: true,
    drops: 6,
    cell: ({ origins }) => origins.join(', '),
    value: ({ origins }) => origins.join(','),
  },
  { field: 'updatedAt', title: { zh: '更新', en: 'Updated' }, drops: 10 },
];

/** Rows of one X number. */
export const NUMBER_DETAIL_COLUMNS: readonly Column<NumberRecord>[] = [
  ...NUMBER_COLUMNS.filter(({ field }) => field !== 'cause' && field !== 'capacity'),
  { field: 'freeCapacity', title: { zh: '还可绑定', en: 'Free' } },
  { field: 'texts', title: { zh: '短信条数', en: 'Texts' } },
  { field: 'lastUseAt', title: { zh: '最近使用', en: 'Last use' } },
  { field: 'platformBindings', title: { zh: '平台绑定数', en: 'On the platform' } },
  { field: 'askedAt', title: { zh: '查询平台于', en: 'Platform asked' } },
  { field: 'firstAt', title: { zh: '录入', en: 'Known since' } },
];

/** `Number: x, mode, …`. */
export const NUMBER_FIELD_LIST = `Number: ${NUMBER_FIELD_NAMES.join(', ')}`;
