import { AppError } from '../../errors.js';
import { parseTimeWindow, type TimeWindow } from '../../recordings/time-window.js';
import { bytesOf, parseCount } from '../parse-flags.js';

/** Bytes per second of `--bwlimit`: `800K`, `2M`, `1.5M`; units are powers of 1024. @throws AppError `flag-invalid`. */
export function parseRate(text: string): number {
  const rate = bytesOf(text.trim().replace(/\/s$/i, ''));
  if (rate === undefined || rate < 1) {
    throw new AppError('flag-invalid', {
      zh: `--bwlimit ${text}：必须是每秒字节数，如 800K、2M 或 1.5M`,
      en: `--bwlimit ${text}: must be bytes per second such as 800K, 2M or 1.5M`,
    });
  }
  return rate;
}

/**
 * How many failures `--max-errors` allows: a number, or a share of `total` in per cent, rounded up.
 * @returns at least 1. @throws AppError `flag-invalid`.
 */
export function parseMaxErrors(text: string, total: number): number {
  const [, share] = /^(\d+(?:\.\d+)?)\s*[%％]$/.exec(text.trim()) ?? [];
  if (share === undefined) return parseCount('--max-errors', text);
  const percent = Number(share);
  if (!(percent > 0 && percent <= 100)) {
    throw new AppError('flag-invalid', {
      zh: `--max-errors ${text}：必须是数目或比例，如 5%`,
      en: `--max-errors ${text}: must be a number or a share such as 5%`,
    });
  }
  return Math.max(1, Math.ceil((total * percent) / 100));
}

/** The part of the day of `--window`. @throws AppError `flag-invalid`. */
export function parseWindow(text: string): TimeWindow {
  const window = parseTimeWindow(text);
  if (window !== undefined) return window;
  throw new AppError(
    'flag-invalid',
    {
      zh: `--window ${text}：必须是一天中的时段，如 01:00-06:00 或 22:00-06:00`,
      en: `--window ${text}: must be a part of the day such as 01:00-06:00 or 22:00-06:00`,
    },
    {
      hint: { zh: '始终按北京时间，与 --tz 无关。', en: 'The times are those of Beijing, whatever --tz says.' },
    },
  );
}
