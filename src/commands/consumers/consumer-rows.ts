import { storageError } from '../../errors.js';
import type { Column } from '../../output/view.js';
import { countUndelivered, type KnownConsumer, listConsumers } from '../../store/file/list-consumers.js';
import type { CommandContext } from '../command-context.js';

/** A target or hook as `consumers` shows it. */
export interface ConsumerRow {
  readonly kind: 'Consumer';
  readonly name: string;
  /** Address of the target without query and secrets, or the program of the hook. */
  readonly address: string | undefined;
  readonly inUse: boolean;
  readonly usedAt: Date;
  /** Pushes that have still to be handed on. */
  readonly undelivered: number;
}

/** Columns of {@link ConsumerRow}. */
export const CONSUMER_COLUMNS: readonly Column<ConsumerRow>[] = [
  { field: 'name', title: { zh: '名称', en: 'Name' } },
  { field: 'address', title: { zh: '目标', en: 'Address' }, cell: ({ address }, paint) => paint.text(address) },
  { field: 'inUse', title: { zh: '使用中', en: 'In use' } },
  { field: 'usedAt', title: { zh: '最近使用', en: 'Last used' } },
  { field: 'undelivered', title: { zh: '未转发', en: 'Waiting' }, align: 'right' },
];

/** Everybody that pushes of the profile are or were handed on to. @returns the data folder too. @throws AppError `storage-…`. */
export async function findConsumers(
  context: CommandContext,
): Promise<{ readonly folder: string; readonly consumers: readonly KnownConsumer[] }> {
  const { location: folder } = await (await context.store()).health();
  try {
    return { folder, consumers: await listConsumers(folder, context.pid) };
  } catch (error) {
    throw storageError(error, {
      zh: `无法读取 ${folder} 中的转发进度`,
      en: `cannot read how far pushes were handed on in ${folder}`,
    });
  }
}

/** Counts what waits for it. @throws AppError `storage-…`. */
export async function consumerRow(folder: string, consumer: KnownConsumer): Promise<ConsumerRow> {
  const { name, label: address, inUse, usedAt } = consumer;
  try {
    const undelivered = await countUndelivered(folder, consumer);
    return { kind: 'Consumer', name, address, inUse, usedAt, undelivered };
  } catch (error) {
    throw storageError(error, { zh: `无法读取 ${folder} 中的推送日志`, en: `cannot read the journal in ${folder}` });
  }
}
