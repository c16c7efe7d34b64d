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
      throw new AppError('consumer-not-found', `there is no target or hook ${name}`, {
        hint: 'privacy-call consumers list',
      });
    if (found.inUse)
      throw new AppError('storage-locked', `${name} is in use: pushes are handed on to it now`, {
        hint: 'Stop that listen first, or start it without this target.',
      });
    const row = await consumerRow(folder, found);
    if (!context.global.dryRun) {
      const { undelivered, address = name } = row;
      if (undelivered > 0)
        await context.confirm(`this drops ${counted(undelivered, 'push', 'pushes')} not yet handed on to ${address}`);
      try {
        await forgetConsumer(folder, name, context.pid);
      } catch (error) {
        throw storageError(error, `cannot forget ${name}`);
      }
    }
    return { view: 'item', kind: 'Consumer', item: row, columns: CONSUMER_COLUMNS };
  },
});
