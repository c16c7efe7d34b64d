import { defineCommand } from '../command.js';
import { CONSUMER_COLUMNS, type ConsumerRow, consumerRow, findConsumers } from './consumer-rows.js';

export const command = defineCommand({
  help: {
    purpose:
      'List the targets of "listen --forward-to" and the hooks of --exec: each has a place in the journal, also when it is no longer used. A place with pushes that have still to be handed on keeps their days from "events prune". One that was stopped in order has no claim to what came after its last use; of one whose process was killed nobody knows, so everything since counts. Another address or one changed character of --exec is another consumer. Query, password and what looks like a token in the path are not kept.',
    examples: [{ says: 'who holds back old days, and since when', line: 'privacy-call -p sandbox consumers list' }],
    output: 'Consumer: name, address, inUse, usedAt, undelivered',
    exits: ['storage'],
  },
  async run(_options, context) {
    const { folder, consumers } = await findConsumers(context);
    const rows = async function* (): AsyncGenerator<ConsumerRow> {
      for (const consumer of consumers) yield await consumerRow(folder, consumer);
    };
    return { view: 'list', kind: 'ConsumerList', items: rows(), columns: CONSUMER_COLUMNS };
  },
});
