import { explainCode, type Explanation, searchCatalogues } from '../domain/explain.js';
import { AppError } from '../errors.js';
import type { Column } from '../output/view.js';
import { defineCommand, type NoOptions } from './command.js';

const SOURCES: Readonly<Record<Explanation['source'], { zh: string; en: string }>> = {
  hangup: { zh: '挂机原因值 stateCode', en: 'hang-up cause (stateCode)' },
  release: { zh: '拆线点 ulFailReason', en: 'release point (ulFailReason)' },
  q850: { zh: 'Q.850 原因值 fwdUnaswRsn', en: 'Q.850 cause (fwdUnaswRsn)' },
  sms: { zh: '短信结果 sendResult', en: 'SMS result (sendResult)' },
  'number-status': { zh: 'X号码状态 status', en: 'number state (status)' },
  'number-cause': { zh: 'X号码状态原因 cause', en: 'cause of a number state' },
  result: { zh: '结果码 resultcode', en: 'result code (resultcode)' },
};

function inLanguage({ zh, en }: Pick<Explanation, 'zh' | 'en'>, lang: 'zh' | 'en'): string | undefined {
  return lang === 'zh' ? (zh ?? en) : (en ?? zh);
}

const COLUMNS: readonly Column<Explanation>[] = [
  { field: 'code', title: { zh: '代码', en: 'Code' } },
  {
    field: 'source',
    title: { zh: '出处', en: 'Where it occurs' },
    cell: ({ source, httpStatus }, paint) =>
      [paint.words(SOURCES[source]), httpStatus === undefined ? '' : `HTTP ${httpStatus}`].filter(Boolean).join(' · '),
  },
  {
    field: 'meaning',
    title: { zh: '含义', en: 'Meaning' },
    cell: (entry, paint) => paint.words(entry),
    value: (entry, lang) => inLanguage(entry, lang),
  },
  {
    field: 'remedy',
    title: { zh: '处理', en: 'What to do' },
    cell: ({ remedyZh, remedyEn }, paint) => paint.words({ zh: remedyZh, en: remedyEn }),
    value: ({ remedyZh, remedyEn }, lang) => inLanguage({ zh: remedyZh, en: remedyEn }, lang),
  },
];

export const command = defineCommand<NoOptions, [string[]]>({
  help: {
    purpose:
      'Explain a code of the platform in plain words, offline: result codes, hang-up causes, release points, Q.850 causes, SMS results, number states. Or search by words, Chinese or English. The same number can mean different things in different places: all are shown.',
    examples: [
      { says: 'why a call failed', line: 'privacy-call explain 8014' },
      { says: 'in Chinese', line: 'privacy-call explain 1012010 --lang zh' },
      { says: 'by words', line: 'privacy-call explain 停机' },
    ],
    output:
      'Explanation: source, code, httpStatus, zh, en, remedyZh, remedyEn, modes, group; as CSV and TSV: code, source, meaning and remedy in the chosen language',
    exits: ['notFound'],
  },
  define: (target) => {
    target.argument('<code-or-words...>', 'a code, or words to search for');
  },
  run(_options, _context, words) {
    const text = words.join(' ');
    if (text.trim() === '')
      throw new AppError('flag-invalid', { zh: '<code-or-words> 不能为空', en: '<code-or-words> must not be empty' });
    const found = /^\d+$/.test(text.trim()) ? explainCode(text) : searchCatalogues(words);
    if (found.length === 0) {
      throw new AppError(
        'code-not-found',
        { zh: `${text}：所有代码表中都没有`, en: `${text}: in none of the catalogues` },
        {
          hint: {
            zh: '平台有些代码没有文档；其 resultdesc 或 stateDesc 有更多说明。privacy-call explain 也可按词查找。',
            en: 'The platform has codes that it does not document; its resultdesc or stateDesc says more. privacy-call explain takes words too.',
          },
        },
      );
    }
    return Promise.resolve({ view: 'list', kind: 'ExplanationList', items: found, columns: COLUMNS, layout: 'blocks' });
  },
});
