import { defineCommand } from '../command.js';
import { parseSeed } from './parse-seed.js';
import { forgetLockOut } from './forget-lock-out.js';

interface ResetFlags {
  readonly seed?: string;
}

export const command = defineCommand<ResetFlags>({
  help: {
    purpose:
      "Start the sandbox afresh: no bindings, no calls, no recordings; push addresses stay. The tool's own ledger and journal for the profile sandbox stay too.",
    examples: [{ says: 'without asking, with a seed', line: 'privacy-call sandbox reset --seed 7 --yes' }],
    output: 'Sandbox: seed',
    exits: ['storage'],
  },
  define: (target) => {
    target.option('--seed <count>', 'same seed and same requests, same answers');
  },
  async run(options, context) {
    const seed = options.seed === undefined ? undefined : parseSeed('--seed', options.seed);
    await context.confirm({
      zh: '将清除沙箱的所有绑定关系、呼叫和录音',
      en: 'this forgets every binding, call and recording of the sandbox',
    });
    const { control } = await context.sandbox();
    await control.reset(seed);
    await forgetLockOut(context);
    const state = await control.state();
    return {
      view: 'item',
      kind: 'Sandbox',
      item: { seed: state.seed },
      columns: [{ field: 'seed', title: { zh: '种子', en: 'Seed' } }],
    };
  },
});
