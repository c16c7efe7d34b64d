import type { TextPair } from '../domain/text-pair.js';

/** A number cancelled up to this day of the month costs nothing from the next month on. Source: pn_faq, fees (read 2026-07). */
const LAST_DAY = 25;
const BEIJING_SHIFT_MS = 8 * 3_600_000;
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/**
 * What cancelling a number today saves, by Beijing time: monthly fees are due on the 1st at 00:10; cancelled up to the 25th it is free from the next month
 * on, later it costs one month more. Source: pn_faq, fees (read 2026-07).
 */
export function feeAdvice(now: Date): TextPair {
  const beijing = new Date(now.getTime() + BEIJING_SHIFT_MS);
  const [day, month] = [beijing.getUTCDate(), beijing.getUTCMonth()];
  const name = (ahead: number): string => MONTHS[(month + ahead) % 12] ?? '';
  const monthOf = (ahead: number): string => `${((month + ahead) % 12) + 1} 月`;
  const lost = { zh: '退订的号码无法找回', en: 'a released number cannot be got back' };
  if (day <= LAST_DAY) {
    const left = LAST_DAY - day;
    const time = left === 0 ? 'today is the last day' : left === 1 ? '1 day left' : `${left} days left`;
    return {
      zh: `${monthOf(0)} ${LAST_DAY} 日前（${left === 0 ? '今天是最后一天' : `还剩 ${left} 天`}）退订的号码，从 ${monthOf(1)} 1 日起不再收费；${lost.zh}`,
      en: `cancelled by ${LAST_DAY} ${name(0)} (${time}) a number costs nothing from 1 ${name(1)}; ${lost.en}`,
    };
  }
  return {
    zh: `现在退订的号码仍收 ${monthOf(1)}的月租；${monthOf(1)} 1 日至 ${LAST_DAY} 日退订，则不收 ${monthOf(2)}的月租；${lost.zh}`,
    en: `cancelled now a number still costs the fee of ${name(1)}; from 1 to ${LAST_DAY} ${name(1)} it can be cancelled free of that of ${name(2)}; ${lost.en}`,
  };
}
