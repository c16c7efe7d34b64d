import { parseDuration } from '../domain/duration.js';
import { BEIJING, isZone } from '../domain/instant.js';
import { isMode } from '../domain/mode.js';
import { parseProxyAddress } from '../domain/proxy-address.js';
import { TextError } from '../domain/text-error.js';

/** Turns text into the text that is kept, or throws a {@link TextError}. */
type Reader = (text: string) => string;

/** One setting: where it can be given and what it means. The loader, `config list` and the README's table read this catalogue. */
export interface SettingDefinition {
  /** In `config.json` and for `config get|set`. */
  readonly key: string;
  /** As typed, or `undefined` when it has no flag. */
  readonly flag?: string;
  /** Environment variable. */
  readonly variable: string;
  /** What counts when it is given nowhere, for people. */
  readonly fallback: string;
  readonly help: string;
  /** Whether a profile may hold it. */
  readonly perProfile: boolean;
  readonly read: Reader;
}

const oneOf =
  (...allowed: readonly string[]): Reader =>
  (text) => {
    if (!allowed.includes(text))
      throw new TextError({ zh: `必须是 ${allowed.join('、')}`, en: `must be ${allowed.join(', ')}` });
    return text;
  };

const readUrl: Reader = (text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new TextError({ zh: '必须是以 https:// 开头的地址', en: 'must be an address that starts with https://' });
  }
  if (url.username !== '' || url.password !== '')
    throw new TextError({ zh: '不能带用户名或密码', en: 'must not carry a user name or password' });
  return text.replace(/\/+$/, '');
};

const readZone: Reader = (text) => {
  if (!isZone(text))
    throw new TextError({
      zh: '必须是时区，如 Asia/Shanghai、Europe/Berlin 或 UTC',
      en: 'must be a time zone such as Asia/Shanghai, Europe/Berlin or UTC',
    });
  return text;
};

const readSeconds: Reader = (text) => {
  const seconds = parseDuration(text);
  if (seconds === undefined || seconds <= 0 || seconds > 3600)
    throw new TextError({ zh: '必须是时长，如 30s，最长 1h', en: 'must be a length of time such as 30s, at most 1h' });
  return text;
};

const readCount =
  (most: number): Reader =>
  (text) => {
    if (!/^\d{1,3}$/.test(text) || Number(text) > most)
      throw new TextError({ zh: `必须是 0 到 ${most} 的整数`, en: `must be a whole number from 0 to ${most}` });
    return text;
  };

const readMode: Reader = (text) => {
  const mode = text.toLowerCase();
  if (!isMode(mode))
    throw new TextError({ zh: '必须是 ax、axb、axe、axyb 或 x', en: 'must be ax, axb, axe, axyb or x' });
  return mode;
};

const readProxy: Reader = (text) => {
  if (parseProxyAddress(text) === undefined)
    throw new TextError({
      zh: '必须是地址，如 http://proxy.example:3128',
      en: 'must be an address such as http://proxy.example:3128',
    });
  return text;
};

const readText: Reader = (text) => {
  if (text.trim() === '') throw new TextError({ zh: '不能为空', en: 'must not be empty' });
  return text;
};

export const SETTINGS = [
  {
    key: 'profile',
    flag: '-p, --profile',
    variable: 'PRIVACY_CALL_PROFILE',
    fallback: 'the one chosen by `profiles use`',
    help: 'application to work with; `sandbox` always exists',
    perProfile: false,
    read: readText,
  },
  {
    key: 'output',
    flag: '-o, --output',
    variable: 'PRIVACY_CALL_OUTPUT',
    fallback: 'table',
    help: 'table, json, ndjson, csv or tsv',
    perProfile: false,
    read: oneOf('table', 'json', 'ndjson', 'csv', 'tsv'),
  },
  {
    key: 'tz',
    flag: '--tz',
    variable: 'PRIVACY_CALL_TZ',
    fallback: BEIJING,
    help: 'time zone in which instants are shown and typed times are read',
    perProfile: true,
    read: readZone,
  },
  {
    key: 'lang',
    flag: '--lang',
    variable: 'PRIVACY_CALL_LANG',
    fallback: 'zh when LC_ALL, LC_MESSAGES or LANG begins with zh, else en',
    help: 'language of explanations: zh or en',
    perProfile: true,
    read: oneOf('zh', 'en'),
  },
  {
    key: 'mask',
    flag: '--mask, --no-mask',
    variable: 'PRIVACY_CALL_MASK',
    fallback: 'on in tables on a terminal, off elsewhere',
    help: 'hide the middle of phone numbers: true or false',
    perProfile: true,
    read: oneOf('true', 'false'),
  },
  {
    key: 'timeout',
    flag: '--timeout',
    variable: 'PRIVACY_CALL_TIMEOUT',
    fallback: '30s',
    help: 'longest wait for an answer',
    perProfile: true,
    read: readSeconds,
  },
  {
    key: 'maxWaits',
    flag: '--max-waits',
    variable: 'PRIVACY_CALL_MAX_WAITS',
    fallback: '1',
    help: 'one-minute waits when the platform limits the requests, 0 to 60',
    perProfile: true,
    read: readCount(60),
  },
  {
    key: 'retries',
    variable: 'PRIVACY_CALL_RETRIES',
    fallback: '3',
    help: 'further tries of a query after a network fault or a 5xx, 0 to 10; changes are never repeated',
    perProfile: true,
    read: readCount(10),
  },
  {
    key: 'proxy',
    flag: '--proxy',
    variable: 'PRIVACY_CALL_PROXY',
    fallback: 'HTTPS_PROXY, HTTP_PROXY, NO_PROXY',
    help: 'HTTP proxy for all requests',
    perProfile: true,
    read: readProxy,
  },
  {
    key: 'caFile',
    flag: '--ca-file',
    variable: 'PRIVACY_CALL_CA_FILE',
    fallback: 'the certificates of Node.js',
    help: 'further trusted certificates, PEM',
    perProfile: true,
    read: readText,
  },
  {
    key: 'insecureHost',
    flag: '--insecure-host',
    variable: 'PRIVACY_CALL_INSECURE_HOST',
    fallback: 'none',
    help: 'host whose certificate is not verified; for the storage of recordings only',
    perProfile: true,
    read: readText,
  },
  {
    key: 'endpoint',
    variable: 'PRIVACY_CALL_ENDPOINT',
    fallback: 'https://rtcpns.cn-north-1.myhuaweicloud.com',
    help: 'access address of the application (APP接入地址)',
    perProfile: true,
    read: readUrl,
  },
  {
    key: 'mode',
    variable: 'PRIVACY_CALL_MODE',
    fallback: 'none: commands that need it ask',
    help: 'mode of the application: ax, axb, axe, axyb, x',
    perProfile: true,
    read: readMode,
  },
  {
    key: 'signing',
    variable: 'PRIVACY_CALL_SIGNING',
    fallback: 'aksk',
    help: 'aksk, or wsse for old applications',
    perProfile: true,
    read: oneOf('aksk', 'wsse'),
  },
  {
    key: 'store',
    variable: 'PRIVACY_CALL_STORE',
    fallback: 'the data folder of the profile',
    help: 'folder for journal, ledger, inventory and archive',
    perProfile: true,
    read: readText,
  },
] as const satisfies readonly SettingDefinition[];

/** Key of a setting. */
export type SettingKey = (typeof SETTINGS)[number]['key'];

/** The definition of `key`, or `undefined` when there is no such setting. */
export function settingOf(key: string): SettingDefinition | undefined {
  return SETTINGS.find((setting) => setting.key === key);
}
