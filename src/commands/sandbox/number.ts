import { Option } from 'commander';
import { NUMBER_CAUSES, NUMBER_STATUSES } from '../../domain/catalogues/number-statuses.js';
import { numberCause, numberStatus } from '../../domain/cause-lookup.js';
import { AppError } from '../../errors.js';
import { defineCommand } from '../command.js';
import { readNumber } from './call.js';
import { addPushFlags, describePushes, parsePushFlags, type PushFlags, pushesColumn, setPushes } from './push-flags.js';

interface NumberFlags extends PushFlags {
  readonly status?: string;
  readonly cause?: string;
}

export const command = defineCommand<NumberFlags, [string]>({
  help: {
    purpose:
      'Change the state of an X number of the sandbox, and push the change: 5 normal, 9 suspended, 10 unusable (with a cause), 11 binding frozen. Binds and calls then answer as the state says.',
    examples: [
      { says: 'X is out of service', line: 'privacy-call sandbox number 17000000212 --status 10 --cause 3' },
      { says: 'and back', line: 'privacy-call sandbox number 17000000212 --status 5' },
    ],
    output: 'SandboxNumber: x, mode, city, areaCode, status, cause, sms, pushes',
    exits: ['notFound', 'storage'],
  },
  define: (target) => {
    target
      .argument('<x>', 'X number')
      .addOption(new Option('--status <code>', 'the new state').choices(NUMBER_STATUSES.map(({ code }) => code)))
      .addOption(
        new Option('--cause <code>', 'with status 10: 1 deleted, 2 arrears, 3 out of service').choices(
          NUMBER_CAUSES.map(({ code }) => code),
        ),
      );
    addPushFlags(target);
  },
  async run(options, context, x) {
    const number = readNumber('<x>', x);
    if (options.cause !== undefined && options.status !== undefined && options.status !== '10')
      throw new AppError('flag-conflict', {
        zh: `--cause 只能与 --status 10 一起使用，不能与 --status ${options.status} 一起使用`,
        en: `--cause goes with --status 10 only, not with --status ${options.status}`,
      });
    const pushSettings = parsePushFlags(options);
    const { control } = await context.sandbox();
    await setPushes(control, pushSettings);
    const {
      number: sandboxNumber,
      changed,
      pushes,
    } = await control.number({
      x: number,
      status: options.status,
      cause: options.cause,
    });
    const item = {
      ...sandboxNumber,
      status: numberStatus(sandboxNumber.status),
      cause: sandboxNumber.cause === undefined ? undefined : numberCause(sandboxNumber.cause),
      pushes,
    };
    const told = changed
      ? describePushes(pushes)
      : { zh: '状态未变，没有推送', en: 'nothing changed: nothing was pushed' };
    return {
      view: 'item',
      kind: 'SandboxNumber',
      item,
      columns: [
        { field: 'x', title: { zh: 'X号码', en: 'X' } },
        { field: 'mode', title: { zh: '模式', en: 'Mode' } },
        { field: 'city', title: { zh: '城市', en: 'City' } },
        {
          field: 'status',
          title: { zh: '状态', en: 'Status' },
          cell: ({ status }: typeof item, paint) => paint.words(status),
          value: ({ status }: typeof item) => status.code,
        },
        {
          field: 'cause',
          title: { zh: '原因', en: 'Cause' },
          cell: ({ cause }: typeof item, paint) => paint.words(cause),
          value: ({ cause }: typeof item) => cause?.code,
        },
        { ...pushesColumn<typeof item>(), cell: (_, paint) => paint.words(told), value: () => told.en },
      ],
    };
  },
});
