import { Option } from 'commander';
import { parseSms } from '../../domain/sms.js';
import { SMS_COLUMNS } from '../columns.js';
import { FIELD_LISTS } from '../field-lists.js';
import { defineCommand } from '../command.js';
import { readNumber } from './call.js';
import { addPushFlags, parsePushFlags, type PushFlags, pushesColumn, setPushes } from './push-flags.js';

interface SmsFlags extends PushFlags {
  readonly from?: string;
  readonly to?: string;
  readonly text: string;
  readonly content?: 'on' | 'off';
}

export const command = defineCommand<SmsFlags>({
  help: {
    purpose:
      'Send a text to an X of the sandbox (AX, AXB, X mode). In AX, A ends the text with @ and the number of B; without it the platform asks the server at --push-sms-block. The notice goes to the push address. Neither holds the text unless --content is on: the platform leaves it out until its support has switched 短信通知携带短信内容 on.',
    examples: [
      {
        says: 'A texts B through X',
        line: 'privacy-call sandbox sms --from 13800000001 --to 17000000201 --text "on my way"',
      },
      {
        says: 'with the text in the notice, for rules that look at it',
        line: 'privacy-call sandbox sms --from 13800000001 --to 17000000201 --text "退订" --content on',
      },
    ],
    output: FIELD_LISTS.sms,
    exits: ['notFound', 'account', 'storage'],
  },
  define: (target) => {
    target
      .option('--from <number>', 'sender')
      .option('--to <number>', 'X that is written to')
      .option('--text <text>', 'the text', 'hello')
      .addOption(
        new Option('--content <state>', 'whether pushes hold the text; kept until changed').choices(['on', 'off']),
      );
    addPushFlags(target);
  },
  async run(options, context) {
    const from = readNumber('--from', options.from);
    const to = readNumber('--to', options.to);
    const pushSettings = parsePushFlags(options);
    const { control } = await context.sandbox();
    await setPushes(control, pushSettings);
    if (options.content !== undefined) await control.applications({ smsContent: options.content === 'on' });
    const { notice, pushes } = await control.sms({ from, to, content: options.text });
    return {
      view: 'item',
      kind: 'Sms',
      item: { ...parseSms(notice), pushes },
      columns: [...SMS_COLUMNS, pushesColumn()],
    };
  },
});
