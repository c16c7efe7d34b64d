import { describe, expect, it } from 'vitest';
import type { ConfigFile } from '../../../src/config/config-file.js';
import {
  languageOf,
  maskOf,
  modeOf,
  resolveSettings,
  retryLimitsOf,
  signingOf,
  timeoutMsOf,
  valueOf,
} from '../../../src/config/resolve-settings.js';

const FILE: ConfigFile = {
  settings: { tz: 'UTC', lang: 'zh' },
  profiles: { shop: { tz: 'Asia/Tokyo', mode: 'axb' }, cars: { mode: 'ax' } },
  profile: 'shop',
};
const NOTHING: ConfigFile = { settings: {}, profiles: {} };

describe('resolveSettings', () => {
  it('takes flag, environment, profile, file, default, in this order', () => {
    const env = { PRIVACY_CALL_TZ: 'Europe/Berlin' };
    expect(resolveSettings({ tz: 'Asia/Dubai' }, env, FILE).tz).toEqual({ value: 'Asia/Dubai', layer: 'flag' });
    expect(resolveSettings({}, env, FILE).tz).toEqual({ value: 'Europe/Berlin', layer: 'environment' });
    expect(resolveSettings({}, {}, FILE).tz).toEqual({ value: 'Asia/Tokyo', layer: 'profile' });
    expect(resolveSettings({ profile: 'cars' }, {}, FILE).tz).toEqual({ value: 'UTC', layer: 'config' });
    expect(resolveSettings({}, {}, NOTHING).tz).toEqual({ value: undefined, layer: 'default' });
  });

  it('takes the profile in the same order, and its values with it', () => {
    expect(resolveSettings({}, {}, FILE)).toMatchObject({
      profile: { value: 'shop', layer: 'config' },
      mode: { value: 'axb', layer: 'profile' },
    });
    expect(resolveSettings({}, { PRIVACY_CALL_PROFILE: 'cars' }, FILE)).toMatchObject({
      profile: { value: 'cars', layer: 'environment' },
      mode: { value: 'ax', layer: 'profile' },
    });
    expect(resolveSettings({ profile: 'shop' }, { PRIVACY_CALL_PROFILE: 'cars' }, FILE).mode.value).toBe('axb');
  });

  it('has every default from the catalogue', () => {
    const nothing = resolveSettings({}, {}, NOTHING);
    expect(valueOf(nothing, 'endpoint')).toBe('https://rtcpns.cn-north-1.myhuaweicloud.com');
    expect([valueOf(nothing, 'tz'), valueOf(nothing, 'output'), signingOf(nothing)]).toEqual([
      'Asia/Shanghai',
      'table',
      'aksk',
    ]);
    expect([timeoutMsOf(nothing), retryLimitsOf(nothing)]).toEqual([30_000, { retries: 3, flowControlWaits: 1 }]);
    expect(maskOf(nothing)).toBeUndefined();
  });

  it('does not look at an empty variable', () => {
    expect(resolveSettings({}, { PRIVACY_CALL_TZ: '' }, FILE).tz.layer).toBe('profile');
  });

  it('names the flag or the variable that is wrong', () => {
    expect(() => resolveSettings({ maxWaits: 'many' }, {}, NOTHING)).toThrow(
      expect.objectContaining({ code: 'flag-invalid', message: '--max-waits must be a whole number from 0 to 60' }),
    );
    expect(() => resolveSettings({}, { PRIVACY_CALL_OUTPUT: 'xml' }, NOTHING)).toThrow(
      expect.objectContaining({
        code: 'config-invalid',
        message: 'PRIVACY_CALL_OUTPUT must be table, json, ndjson, csv, tsv',
      }),
    );
  });
});

describe('what follows from the settings', () => {
  const settings = (env: Record<string, string>) => resolveSettings({}, env, NOTHING);

  it('language: as set, else by the locale', () => {
    expect(languageOf(settings({ PRIVACY_CALL_LANG: 'zh' }), { LANG: 'en_US.UTF-8' })).toBe('zh');
    expect(languageOf(settings({}), { LANG: 'zh_CN.UTF-8' })).toBe('zh');
    expect(languageOf(settings({}), { LC_ALL: 'C', LANG: 'zh_CN.UTF-8' })).toBe('en');
    expect(languageOf(settings({}), {})).toBe('en');
  });

  it('time-out and retries', () => {
    expect(timeoutMsOf(settings({}))).toBe(30_000);
    expect(timeoutMsOf(settings({ PRIVACY_CALL_TIMEOUT: '1m30s' }))).toBe(90_000);
    expect(retryLimitsOf(settings({}))).toEqual({ retries: 3, flowControlWaits: 1 });
    expect(retryLimitsOf(settings({ PRIVACY_CALL_RETRIES: '0', PRIVACY_CALL_MAX_WAITS: '5' }))).toEqual({
      retries: 0,
      flowControlWaits: 5,
    });
  });

  it('mode', () => {
    expect(modeOf(settings({ PRIVACY_CALL_MODE: 'AXYB' }))).toBe('axyb');
    expect(modeOf(settings({}))).toBeUndefined();
  });
});
