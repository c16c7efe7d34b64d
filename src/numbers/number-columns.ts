import { normalizeHeading } from '../tables/normalize-heading.js';

/** Fields of an X number that a list may have a column for. */
export const NUMBER_FIELDS = ['number', 'areaCode', 'city', 'status', 'sms', 'mode'] as const;
export type NumberField = (typeof NUMBER_FIELDS)[number];

/**
 * Headings of each field, as console exports and people write them; compared without case, blanks and width. Where a file
 * has several headings of one field, the one that stands first here counts.
 */
export const NUMBER_HEADINGS: Readonly<Record<NumberField, readonly string[]>> = {
  number: [
    'X号码',
    '隐私号码',
    '隐私号',
    'X',
    'xNumber',
    'privateNum',
    'privateNumber',
    'relationNum',
    'virtualNum',
    'bindNum',
    '中间号',
    '虚拟号码',
    '号码',
    'number',
    'phoneNumber',
    '电话号码',
  ],
  areaCode: ['城市码', '城市代码', '区号', 'areaCode', 'cityCode', 'area'],
  city: ['城市', '号码城市', '归属城市', '所属城市', '归属地', 'city'],
  status: ['状态', '号码状态', 'status', 'state', 'numberStatus'],
  sms: [
    '短信',
    '短信能力',
    '短信功能',
    '是否支持短信',
    '是否需要短信功能',
    '支持短信',
    'sms',
    'smsAbility',
    'privateSms',
  ],
  mode: ['模式', '业务模式', '业务类型', '应用模式', '号码模式', 'mode', 'businessType'],
};

/** Which column of a file holds which field; indices from 0. */
export interface ColumnMap {
  readonly fields: ReadonlyMap<NumberField, number>;
  /** Columns that no field takes. */
  readonly others: readonly number[];
}

/** Finds the columns of the fields among the headings of a file. */
export function findColumns(headings: readonly string[]): ColumnMap {
  const normalized = headings.map(normalizeHeading);
  const fields = new Map<NumberField, number>();
  for (const field of NUMBER_FIELDS) {
    const found = NUMBER_HEADINGS[field]
      .map((alias) => normalized.indexOf(normalizeHeading(alias)))
      .find((index) => index >= 0);
    if (found !== undefined) fields.set(field, found);
  }
  const taken = new Set(fields.values());
  return { fields, others: headings.map((_, index) => index).filter((index) => !taken.has(index)) };
}
