import { counted } from '../../domain/counted.js';
import { AppError, storageError } from '../../errors.js';
import { forgetConsumer } from '../../store/file/forget-consumer.js';
import { defineCommand, type NoOptions } from '../command.js';
import { CONSUMER_COLUMNS, consumerRow, findConsumers } from './consumer-rows.js';

export const command = defineCommand<NoOptions, [string]>({
  help: {
    purpose:
      'Forget the place of a target or hook that is no longer used, so that "events prune" can remove its days. Asks when pushes have still to be handed on: they stay in the journal, but nobody hands them on any more. The same target given to "listen" later begins with what comes from then on.',
    examples: [
      {
        says: 'a target that was removed from the command line',
        line: 'privacy-call -p sandbox consumers forget forward-5c64d4c027671af0 --yes',
      },
    ],
    output: 'Consumer: name, address, inUse, usedAt, undelivered',
    exits: ['notFound', 'storage'],
  },
  define: (target) => {
    target.argument('<name>', 'name that "consumers list" shows');
  },
  async run(_options, context, name) {
    const { folder, consumers } = await findConsumers(context);
    const found = consumers.find((one) => one.name === name);
    if (found === undefined)
      throw new AppError(
        'consumer-not-found',
        { zh: `没有转发目标或钩子 ${name}`, en: `there is no target or hook ${name}` },
        {
          hint: 'privacy-call consumers list',
        },
      );
    if (found.inUse)
      throw new AppError(
        'storage-locked',
        { zh: `${name} 正在使用：推送正转发给它`, en: `${name} is in use: pushes are handed on to it now` },
        {
          hint: {
            zh: '请先停止该 listen，或不带此目标启动它。',
            en: 'Stop that listen first, or start it without this target.',
          },
        },
      );
    const row = await consumerRow(folder, found);
    if (!context.global.dryRun) {
      const { undelivered, address = name } = row;
      if (undelivered > 0)
        await context.confirm({
          zh: `将放弃尚未转发给 ${address} 的 ${undelivered} 个推送`,
          en: `this drops ${counted(undelivered, 'push', 'pushes')} not yet handed on to ${address}`,
        });
      try {
        await forgetConsumer(folder, name, context.pid);
      } catch (error) {
        throw storageError(error, { zh: `无法移除 ${name}`, en: `cannot forget ${name}` });
      }
    }
    return { view: 'item', kind: 'Consumer', item: row, columns: CONSUMER_COLUMNS };
  },
});
