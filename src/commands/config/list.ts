import { defineCommand } from '../command.js';
import { SETTING_COLUMNS, settingRows } from './setting-rows.js';

export const command = defineCommand({
  help: {
    purpose:
      'List every setting: its value, and whether a flag, the environment, the profile or the configuration file gave it.',
    examples: [{ says: 'what counts now, and why', line: 'privacy-call config list' }],
    output: 'Setting: key, value (null when it is given nowhere), source, help',
    exits: [],
  },
  run(_options, context) {
    return Promise.resolve({
      view: 'list',
      kind: 'SettingList',
      items: settingRows(context),
      columns: SETTING_COLUMNS,
    });
  },
});
