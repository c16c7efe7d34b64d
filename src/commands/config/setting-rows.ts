import type { SettingLayer } from '../../config/resolve-settings.js';
import { SETTINGS } from '../../config/setting-catalogue.js';
import { parseProxyAddress } from '../../domain/proxy-address.js';
import { type TextPair, Told, type Words, wordsIn } from '../../domain/text-pair.js';
import type { Column } from '../../output/view.js';
import type { CommandContext } from '../command-context.js';

/** One setting as it counts now. */
export interface SettingRow {
  readonly kind: 'Setting';
  readonly key: string;
  readonly value: string | null;
  /** Where the value comes from. */
  readonly source: Told;
  readonly help: Told;
}

export const SETTING_COLUMNS: readonly Column<SettingRow>[] = [
  { field: 'key', title: { zh: '设置', en: 'Setting' }, cell: ({ key }) => key },
  { field: 'value', title: { zh: '值', en: 'Value' }, cuts: true },
  { field: 'source', title: { zh: '来源', en: 'From' }, cuts: true },
  { field: 'help', title: { zh: '说明', en: 'Meaning' }, cuts: true, drops: 1 },
];

/** Every setting with its value and where that comes from. Credentials are no settings and are never among them. */
export function settingRows(context: Pick<CommandContext, 'settings'>): SettingRow[] {
  return SETTINGS.map(({ key, fallback, help }) => {
    const { value, layer } = context.settings[key];
    const shown = key === 'proxy' && value !== undefined ? withoutPassword(value) : value;
    return {
      kind: 'Setting',
      key,
      value: shown ?? null,
      source: new Told(layer === 'default' ? defaultOf(fallback) : { zh: LAYERS_ZH[layer], en: layer }),
      help: new Told(help),
    };
  });
}

const LAYERS_ZH: Readonly<Record<Exclude<SettingLayer, 'default'>, string>> = {
  flag: '命令行参数',
  environment: '环境变量',
  profile: 'profile',
  config: '配置文件',
};

function defaultOf(fallback: Words): TextPair {
  return { zh: `默认：${wordsIn(fallback, 'zh')}`, en: `default: ${wordsIn(fallback, 'en')}` };
}

function withoutPassword(address: string): string {
  const url = parseProxyAddress(address);
  if (url === undefined || url.password === '') return address;
  url.password = '****';
  return url.href;
}
