import { parseDuration } from '../domain/duration.js';
import { BEIJING, isZone } from '../domain/instant.js';
import { isMode } from '../domain/mode.js';
import { parseProxyAddress } from '../domain/proxy-address.js';
import { TextError } from '../domain/text-error.js';
import type { Words } from '../domain/text-pair.js';

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
  readonly fallback: Words;
  readonly help: Words;
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
    fallback: { zh: '`profiles use` 选定的那个', en: 'the one chosen by `profiles use`' },
    help: { zh: '要使用的应用；`sandbox` 始终存在', en: 'application to work with; `sandbox` always exists' },
    perProfile: false,
    read: readText,
  },
  {
    key: 'output',
    flag: '-o, --output',
    variable: 'PRIVACY_CALL_OUTPUT',
    fallback: 'table',
    help: { zh: '输出格式：table、json、ndjson、csv 或 tsv', en: 'table, json, ndjson, csv or tsv' },
    perProfile: false,
    read: oneOf('table', 'json', 'ndjson', 'csv', 'tsv'),
  },
  {
    key: 'tz',
    flag: '--tz',
    variable: 'PRIVACY_CALL_TZ',
    fallback: BEIJING,
    help: {
      zh: '显示时间和解析输入时间所用的时区',
      en: 'time zone in which instants are shown and typed times are read',
    },
    perProfile: true,
    read: readZone,
  },
  {
    key: 'lang',
    flag: '--lang',
    variable: 'PRIVACY_CALL_LANG',
    fallback: {
      zh: 'LC_ALL、LC_MESSAGES 或 LANG 以 zh 开头时为 zh，否则 en',
      en: 'zh when LC_ALL, LC_MESSAGES or LANG begins with zh, else en',
    },
    help: { zh: '说明文字的语言：zh 或 en', en: 'language of explanations: zh or en' },
    perProfile: true,
    read: oneOf('zh', 'en'),
  },
  {
    key: 'mask',
    flag: '--mask, --no-mask',
    variable: 'PRIVACY_CALL_MASK',
    fallback: { zh: '终端表格中打码，其他输出不打码', en: 'on in tables on a terminal, off elsewhere' },
    help: { zh: '手机号中间打码：true 或 false', en: 'hide the middle of phone numbers: true or false' },
    perProfile: true,
    read: oneOf('true', 'false'),
  },
  {
    key: 'timeout',
    flag: '--timeout',
    variable: 'PRIVACY_CALL_TIMEOUT',
    fallback: '30s',
    help: { zh: '等待应答的最长时间', en: 'longest wait for an answer' },
    perProfile: true,
    read: readSeconds,
  },
  {
    key: 'maxWaits',
    flag: '--max-waits',
    variable: 'PRIVACY_CALL_MAX_WAITS',
    fallback: '1',
    help: {
      zh: '遇到流控时等待一分钟的次数，0 到 60',
      en: 'one-minute waits when the platform limits the requests, 0 to 60',
    },
    perProfile: true,
    read: readCount(60),
  },
  {
    key: 'retries',
    variable: 'PRIVACY_CALL_RETRIES',
    fallback: '3',
    help: {
      zh: '网络故障或 5xx 后查询的重试次数，0 到 10；变更请求从不重发',
      en: 'further tries of a query after a network fault or a 5xx, 0 to 10; changes are never repeated',
    },
    perProfile: true,
    read: readCount(10),
  },
  {
    key: 'proxy',
    flag: '--proxy',
    variable: 'PRIVACY_CALL_PROXY',
    fallback: { zh: 'HTTPS_PROXY、HTTP_PROXY、NO_PROXY', en: 'HTTPS_PROXY, HTTP_PROXY, NO_PROXY' },
    help: { zh: '所有请求使用的 HTTP 代理', en: 'HTTP proxy for all requests' },
    perProfile: true,
    read: readProxy,
  },
  {
    key: 'caFile',
    flag: '--ca-file',
    variable: 'PRIVACY_CALL_CA_FILE',
    fallback: { zh: 'Node.js 自带的证书', en: 'the certificates of Node.js' },
    help: { zh: '额外信任的证书，PEM', en: 'further trusted certificates, PEM' },
    perProfile: true,
    read: readText,
  },
  {
    key: 'insecureHost',
    flag: '--insecure-host',
    variable: 'PRIVACY_CALL_INSECURE_HOST',
    fallback: { zh: '无', en: 'none' },
    help: {
      zh: '不校验证书的主机；仅用于录音存储',
      en: 'host whose certificate is not verified; for the storage of recordings only',
    },
    perProfile: true,
    read: readText,
  },
  {
    key: 'endpoint',
    variable: 'PRIVACY_CALL_ENDPOINT',
    fallback: 'https://rtcpns.cn-north-1.myhuaweicloud.com',
    help: { zh: '应用的 APP 接入地址', en: 'access address of the application (APP接入地址)' },
    perProfile: true,
    read: readUrl,
  },
  {
    key: 'mode',
    variable: 'PRIVACY_CALL_MODE',
    fallback: { zh: '无：需要时命令会要求给出', en: 'none: commands that need it ask' },
    help: { zh: '应用的模式：ax、axb、axe、axyb、x', en: 'mode of the application: ax, axb, axe, axyb, x' },
    perProfile: true,
    read: readMode,
  },
  {
    key: 'signing',
    variable: 'PRIVACY_CALL_SIGNING',
    fallback: 'aksk',
    help: { zh: '签名方式：aksk；旧应用用 wsse', en: 'aksk, or wsse for old applications' },
    perProfile: true,
    read: oneOf('aksk', 'wsse'),
  },
  {
    key: 'store',
    variable: 'PRIVACY_CALL_STORE',
    fallback: { zh: '该 profile 的数据目录', en: 'the data folder of the profile' },
    help: {
      zh: '推送日志、绑定台账、号码清单和录音档案所在的目录',
      en: 'folder for journal, ledger, inventory and archive',
    },
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
