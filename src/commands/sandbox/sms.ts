import { parseSms } from '../../domain/sms.js';
import { FIELD_LISTS, SMS_COLUMNS } from '../columns.js';
import { defineCommand } from '../command.js';
import { readNumber } from './call.js';
import { addPushFlags, type PushFlags, pushesColumn, setPushAddresses } from './push-flags.js';

interface SmsFlags extends PushFlags {
  readonly from?: string;
  readonly to?: string;
  readonly text: string;
}

export const command = defineCommand<SmsFlags>({
  help: {
    purpose:
      'Send a text to an X of the sandbox (AX, AXB, X mode). In AX, A ends the text with @ and the number of B; without it the platform asks the server at --push-sms-block. The notice goes to the push address.',
    examples: [
      {
        says: 'A texts B through X',
        line: 'privacy-call sandbox sms --from 13800000001 --to 17000000201 --text "on my way"',
      },
    ],
    output: FIELD_LISTS.sms,
    exits: ['notFound', 'account', 'storage'],
  },
  define: (target) => {
    target
      .option('--from <number>', 'sender')
      .option('--to <number>', 'X that is written to')
      .option('--text <text>', 'the text', 'hello');
    addPushFlags(target);
  },
  async run(options, context) {
    const from = readNumber('--from', options.from);
    const to = readNumber('--to', options.to);
    const { control } = await context.sandbox();
    await setPushAddresses(control, options);
    const { notice, pushes } = await control.sms({ from, to, content: options.text });
    return {
      view: 'item',
      kind: 'Sms',
      item: { ...parseSms(notice), pushes },
      columns: [...SMS_COLUMNS, pushesColumn()],
    };
  },
});
