import { describe, expect, it } from 'vitest';
import {
  causeGroup,
  hangupCause,
  numberCause,
  numberStatus,
  q850Cause,
  releasePoint,
  smsResult,
} from '../../../src/domain/cause-lookup.js';
import { HANGUP_CAUSES } from '../../../src/domain/catalogues/hangup-causes.js';
import { NUMBER_CAUSES, NUMBER_STATUSES } from '../../../src/domain/catalogues/number-statuses.js';
import { Q850_CAUSES } from '../../../src/domain/catalogues/q850-causes.js';
import { RELEASE_POINTS } from '../../../src/domain/catalogues/release-points.js';
import {
  CALL_REMEDIES,
  Q850_REMEDIES,
  RELEASE_REMEDIES,
  SMS_REMEDIES,
} from '../../../src/domain/catalogues/remedies.js';
import { RESULT_CODES } from '../../../src/domain/catalogues/result-codes.js';
import { SMS_RESULTS } from '../../../src/domain/catalogues/sms-results.js';
import { explainCode, searchCatalogues } from '../../../src/domain/explain.js';

const where = (found: readonly { source: string; code: string }[]): string[] =>
  found.map(({ source, code }) => `${source} ${code}`);

describe('the catalogues', () => {
  it('have as many rows as the documentation', () => {
    const catalogues = [
      HANGUP_CAUSES,
      RELEASE_POINTS,
      Q850_CAUSES,
      SMS_RESULTS,
      NUMBER_STATUSES,
      NUMBER_CAUSES,
      RESULT_CODES,
    ];
    expect(catalogues.map(({ length }) => length)).toEqual([70, 78, 70, 14, 4, 8, 61]);
  });

  it('name each code once; a result code once for each status', () => {
    for (const catalogue of [HANGUP_CAUSES, RELEASE_POINTS, Q850_CAUSES, SMS_RESULTS, NUMBER_STATUSES, NUMBER_CAUSES]) {
      const codes = catalogue.map(({ code }) => code);
      expect(new Set(codes).size).toBe(codes.length);
    }
    expect(new Set(RESULT_CODES.map(({ httpStatus, code }) => `${httpStatus ?? ''} ${code}`)).size).toBe(
      RESULT_CODES.length,
    );
  });

  it('have a remedy only for codes that there are, and for all that people meet', () => {
    const calls = new Set([...HANGUP_CAUSES, ...RELEASE_POINTS].map(({ code }) => code));
    expect(Object.keys({ ...CALL_REMEDIES, ...RELEASE_REMEDIES }).filter((code) => !calls.has(code))).toEqual([]);
    expect(Object.keys(Q850_REMEDIES).filter((code) => !Q850_CAUSES.some((entry) => entry.code === code))).toEqual([]);
    expect(Object.keys(SMS_REMEDIES).sort()).toEqual(SMS_RESULTS.map(({ code }) => code).sort());
    const needed =
      '8013 8014 8016 8018 8019 8022 8023 8024 8025 8033 8035 8055 8100 8101 8102 8103 8104 8105 7501 7502 7503 7504 7505 7506 7516 7108';
    expect(needed.split(' ').filter((code) => CALL_REMEDIES[code] === undefined)).toEqual([]);
    const control = HANGUP_CAUSES.filter(({ group }) => group === 'control').map(({ code }) => code);
    expect(control.filter((code) => CALL_REMEDIES[code] === undefined)).toEqual([]);
  });
});

describe('the lookups', () => {
  it('give the words of the right table', () => {
    expect(hangupCause('7503')).toEqual({
      source: 'hangup',
      code: '7503',
      zh: '被叫拒接',
      en: 'callee rejected the call',
    });
    expect(releasePoint('7503')).toEqual({ source: 'release', code: '7503', zh: '被叫挂机', en: 'callee hung up' });
    expect(q850Cause('17')).toEqual({ source: 'q850', code: '17', zh: '用户忙', en: 'user busy' });
    expect(smsResult('13')).toEqual({
      source: 'sms',
      code: '13',
      zh: '短信内容含违禁词',
      en: 'content has a forbidden word',
    });
    expect(numberStatus('9')).toEqual({ source: 'number-status', code: '9', zh: '暂停', en: 'suspended' });
    expect(numberCause('2')).toEqual({ source: 'number-cause', code: '2', zh: '欠费', en: 'arrears' });
  });

  it('give an unknown code alone', () => {
    expect(hangupCause('9999')).toEqual({ source: 'hangup', code: '9999' });
    expect(releasePoint('constructor')).toEqual({ source: 'release', code: 'constructor' });
  });

  it('know the groups of hang-up causes', () => {
    expect(['8014', '8101', '7001', '0', '9999'].map(causeGroup)).toEqual([
      'binding',
      'callee',
      'control',
      undefined,
      undefined,
    ]);
  });
});

describe('explainCode', () => {
  it('gives every table that has the code', () => {
    expect(where(explainCode('2'))).toEqual(['q850 2', 'sms 2', 'number-cause 2']);
    expect(where(explainCode(' 8014 '))).toEqual(['hangup 8014', 'release 8014']);
    expect(where(explainCode('８０１４'))).toEqual(['hangup 8014', 'release 8014']);
    expect(explainCode('4711')).toEqual([]);
  });

  it('gives a result code under each of its statuses', () => {
    expect(explainCode('1010010').map(({ httpStatus }) => httpStatus)).toEqual([401, 403]);
  });

  it('gives words, remedy, group and modes', () => {
    expect(explainCode('8033')[0]).toEqual({
      kind: 'Explanation',
      source: 'hangup',
      code: '8033',
      zh: '收到分机号为空',
      en: 'the extension received is empty',
      remedyZh: '未输入分机号：请提示主叫听到提示音后输入。',
      remedyEn: 'No extension was keyed in. Tell callers to key it in after the prompt.',
      modes: undefined,
      group: 'caller',
    });
    expect(explainCode('7').find(({ source }) => source === 'sms')?.modes).toEqual(['ax', 'x']);
    expect(explainCode('11').find(({ source }) => source === 'number-status')?.en).toBe(
      'binding frozen (no new bindings; calls and SMS of existing bindings go on)',
    );
  });
});

describe('searchCatalogues', () => {
  it('finds by Chinese and English words, all of which must be there', () => {
    expect(where(searchCatalogues('关机'))).toEqual(['hangup 8104', 'release 8104']);
    expect(where(searchCatalogues(['Callee', 'BUSY']))).toEqual(['hangup 8102', 'release 8102']);
    expect(where(searchCatalogues('landline caller'))).toEqual(['hangup 8023', 'release 8023']);
    expect(searchCatalogues('no such words here')).toEqual([]);
    expect(searchCatalogues(' ')).toEqual([]);
  });

  it('searches the remedies only when no meaning has the words', () => {
    const found = searchCatalogues('费用中心');
    expect(where(found)).toContain('sms 1');
    expect(
      found.every(({ remedyZh, zh }) => remedyZh?.includes('费用中心') === true && zh?.includes('费用中心') !== true),
    ).toBe(true);
  });
});
