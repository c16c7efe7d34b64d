import { parseDuration } from '../domain/duration.js';
import { isMode, type Mode } from '../domain/mode.js';
import { wordsOfError } from '../domain/text-error.js';
import { wordsIn } from '../domain/text-pair.js';
import { AppError } from '../errors.js';
import type { ConfigFile } from './config-file.js';
import { SETTINGS, settingOf, type SettingKey } from './setting-catalogue.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the value of a setting came from. */
export type SettingLayer = 'flag' | 'environment' | 'profile' | 'config' | 'default';

/** One setting as it counts now. */
export interface ResolvedSetting {
  readonly value: string | undefined;
  readonly layer: SettingLayer;
}

/** Every setting as it counts now. */
export type ResolvedSettings = Readonly<Record<SettingKey, ResolvedSetting>>;

/** Name of the built-in profile that talks to the embedded sandbox. */
export const SANDBOX_PROFILE = 'sandbox';

/**
 * Settles each setting: flag, else environment, else the profile, else the configuration file, else nothing.
 * @throws AppError `flag-invalid` or `config-invalid` naming the flag or the variable.
 */
export function resolveSettings(
  flags: Partial<Record<SettingKey, string>>,
  env: Environment,
  file: ConfigFile,
): ResolvedSettings {
  const settle = (key: SettingKey, profile: string | undefined): ResolvedSetting => {
    const setting = SETTINGS.find((one) => one.key === key);
    if (setting === undefined) return { value: undefined, layer: 'default' };
    const variable = env[setting.variable];
    const fromProfile = setting.perProfile && profile !== undefined ? file.profiles[profile]?.[key] : undefined;
    const fromFile = key === 'profile' ? file.profile : file.settings[key];
    if (flags[key] !== undefined)
      return { value: read(key, flags[key], `--${kebab(key)}`, 'flag-invalid'), layer: 'flag' };
    if (variable !== undefined && variable !== '') {
      return { value: read(key, variable, setting.variable, 'config-invalid'), layer: 'environment' };
    }
    if (fromProfile !== undefined) return { value: fromProfile, layer: 'profile' };
    if (fromFile !== undefined) return { value: fromFile, layer: 'config' };
    return { value: undefined, layer: 'default' };
  };
  const profile = settle('profile', undefined);
  const entries = SETTINGS.map(({ key }) => [key, key === 'profile' ? profile : settle(key, profile.value)]);
  return Object.fromEntries(entries) as ResolvedSettings;
}

function read(key: SettingKey, text: string, source: string, code: 'flag-invalid' | 'config-invalid'): string {
  try {
    return SETTINGS.find((setting) => setting.key === key)?.read(text) ?? text;
  } catch (error) {
    const why = wordsOfError(error);
    throw new AppError(code, { zh: `${source} ${why.zh}`, en: `${source} ${why.en}` });
  }
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The language of explanations: as set, else by the environment of the process. */
export function languageOf(resolved: ResolvedSettings, env: Environment): 'zh' | 'en' {
  if (resolved.lang.value !== undefined) return resolved.lang.value === 'zh' ? 'zh' : 'en';
  const locale = env.LC_ALL ?? env.LC_MESSAGES ?? env.LANG ?? '';
  return locale.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

/** Settings whose default is a value; that of the others is told in words. */
type ValuedKey = 'output' | 'tz' | 'timeout' | 'maxWaits' | 'retries' | 'endpoint' | 'signing';

/** The value that counts: the one that was set, else the default of the catalogue. */
export function valueOf(resolved: ResolvedSettings, key: ValuedKey): string {
  return resolved[key].value ?? wordsIn(settingOf(key)?.fallback ?? '', 'en');
}

/** Whether numbers are masked; `undefined`: as the output has it. */
export function maskOf(resolved: ResolvedSettings): boolean | undefined {
  return resolved.mask.value === undefined ? undefined : resolved.mask.value === 'true';
}

/** Longest wait for an answer, in milliseconds. */
export function timeoutMsOf(resolved: ResolvedSettings): number {
  return Number(parseDuration(valueOf(resolved, 'timeout'))) * 1000;
}

/** How often a request is tried again, and how often flow control is waited for. */
export function retryLimitsOf(resolved: ResolvedSettings): {
  readonly retries: number;
  readonly flowControlWaits: number;
} {
  return { retries: Number(valueOf(resolved, 'retries')), flowControlWaits: Number(valueOf(resolved, 'maxWaits')) };
}

/** How requests are signed. */
export function signingOf(resolved: ResolvedSettings): 'aksk' | 'wsse' {
  return valueOf(resolved, 'signing') === 'wsse' ? 'wsse' : 'aksk';
}

/** The mode that the settings name, or `undefined`. */
export function modeOf(resolved: ResolvedSettings): Mode | undefined {
  const mode = resolved.mode.value;
  return mode !== undefined && isMode(mode) ? mode : undefined;
}
