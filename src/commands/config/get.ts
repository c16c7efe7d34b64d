import { AppError } from '../../errors.js';
import { defineCommand, type NoOptions } from '../command.js';
import { SETTING_COLUMNS, settingRows } from './setting-rows.js';

export const command = defineCommand<NoOptions, [string]>({
  help: {
    purpose: 'Show one setting as it counts now.',
    examples: [{ says: 'the time zone alone', line: 'privacy-call config get tz --query item.value' }],
    output: 'Setting: key, value, source, help',
    exits: [],
  },
  define: (target) => {
    target.argument('<key>', 'name of the setting, see config list');
  },
  run(_options, context, key) {
    const row = settingRows(context).find((one) => one.key === key);
    if (row === undefined)
      throw new AppError(
        'flag-invalid',
        { zh: `没有设置项 ${key}`, en: `there is no setting ${key}` },
        { hint: 'privacy-call config list' },
      );
    return Promise.resolve({ view: 'item', kind: 'Setting', item: row, columns: SETTING_COLUMNS });
  },
});
