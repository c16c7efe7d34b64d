import { crc32 } from 'node:zlib';
import { AppError } from '../errors.js';
import type { ReplayItem } from './replay-item.js';
import type { SettledPushes } from './settled-pushes.js';

/**
 * Gives each push its place in the run, and leaves out those that were settled before the run was stopped.
 * @throws AppError `input-invalid` when one of those is another push now: the files have changed, and the places mean nothing.
 */
export async function* numberItems(
  items: AsyncIterable<ReplayItem>,
  settled?: SettledPushes,
): AsyncGenerator<ReplayItem> {
  let number = 0;
  for await (const item of items) {
    number += 1;
    if (settled?.has(number) !== true) yield { ...item, number };
    else if (settled.crcOf(number) !== crc32(item.bytes)) {
      throw new AppError(
        'input-invalid',
        {
          zh: `${item.label} 与该批次发送的不同：文件此后有改动`,
          en: `${item.label} is not what the run sent there: the files have changed since`,
        },
        {
          hint: {
            zh: '请重新回放，或用 --failed-of 发送失败的推送。',
            en: 'Start the replay anew, or send what failed with --failed-of.',
          },
        },
      );
    }
  }
}
