import { describe, expect, it } from 'vitest';
import { settingOf, type SettingKey, SETTINGS } from '../../../src/config/setting-catalogue.js';

/** A value that is taken, what is kept of it, and one that is refused. */
const VALUES: Readonly<Record<SettingKey, { good: string; kept?: string; bad: string; why: RegExp }>> = {
  profile: { good: 'shop', bad: ' ', why: /must not be empty/ },
  output: { good: 'ndjson', bad: 'xml', why: /must be table, json, ndjson, csv, tsv/ },
  tz: { good: 'Europe/Berlin', bad: 'Mars/Olympus', why: /must be a time zone/ },
  lang: { good: 'zh', bad: 'de', why: /must be zh, en/ },
  mask: { good: 'true', bad: 'yes', why: /must be true, false/ },
  timeout: { good: '30s', bad: '2h', why: /at most 1h/ },
  maxWaits: { good: '60', bad: '61', why: /from 0 to 60/ },
  retries: { good: '0', bad: '-1', why: /from 0 to 10/ },
  proxy: { good: 'http://proxy.example:3128', bad: 'no address', why: /must be an address/ },
  caFile: { good: 'ca.pem', bad: '', why: /must not be empty/ },
  insecureHost: { good: 'storage.example', bad: ' ', why: /must not be empty/ },
  endpoint: {
    good: 'https://example.com:443/',
    kept: 'https://example.com:443',
    bad: 'ftp://example.com',
    why: /https/,
  },
  mode: { good: 'AXB', kept: 'axb', bad: 'xx', why: /must be ax, axb/ },
  signing: { good: 'wsse', bad: 'basic', why: /must be aksk, wsse/ },
  store: { good: '/var/lib/privacy-call', bad: '', why: /must not be empty/ },
};

describe('SETTINGS', () => {
  it.each(SETTINGS.map(({ key }) => key))('%s takes a good value and refuses a bad one', (key) => {
    const { good, kept = good, bad, why } = VALUES[key];
    const setting = settingOf(key);
    expect(setting?.read(good)).toBe(kept);
    expect(() => setting?.read(bad)).toThrow(why);
  });

  it('refuses an endpoint that carries a password', () => {
    expect(() => settingOf('endpoint')?.read('https://user:word@example.com')).toThrow(/password/);
  });

  it('names each environment variable after its key, once', () => {
    for (const { key, variable } of SETTINGS) {
      expect(variable).toBe(`PRIVACY_CALL_${key.replace(/[A-Z]/g, '_$&').toUpperCase()}`);
    }
    expect(new Set(SETTINGS.map(({ variable }) => variable)).size).toBe(SETTINGS.length);
  });

  it('knows no other setting', () => {
    expect(settingOf('constructor')).toBeUndefined();
  });
});
