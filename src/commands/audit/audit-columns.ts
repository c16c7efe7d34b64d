import { formatDuration } from '../../domain/duration.js';
import { FINDINGS, type Finding, type Severity } from '../../notifications/finding.js';
import type { CellPainter, Column } from '../../output/view.js';

const SEVERITIES: Readonly<Record<Severity, { zh: string; en: string }>> = {
  error: { zh: '错误', en: 'error' },
  warning: { zh: '警告', en: 'warning' },
  info: { zh: '提示', en: 'info' },
};

function severityCell({ severity, code }: Finding, paint: CellPainter): string {
  const text = `${paint.words(SEVERITIES[severity]) ?? severity} · ${code}`;
  return severity === 'error' ? paint.bad(text) : text;
}

/** Columns of findings: drawn as blocks on a terminal, texts in the chosen language in CSV. */
export const FINDING_COLUMNS: readonly Column<Finding>[] = [
  { field: 'severity', title: { zh: '发现', en: 'Finding' }, cell: severityCell },
  { field: 'code', title: { zh: '代码', en: 'Code' }, cell: () => undefined },
  { field: 'check', title: { zh: '检查', en: 'Check' }, cell: () => undefined },
  { field: 'count', title: { zh: '数量', en: 'Count' }, align: 'right' },
  { field: 'subject', title: { zh: '对象', en: 'About' }, cell: ({ subject }, paint) => paint.number(subject) },
  { field: 'at', title: { zh: '时间', en: 'At' } },
  { field: 'until', title: { zh: '至', en: 'Until' } },
  {
    field: 'hoursLeft',
    title: { zh: '剩余', en: 'Left' },
    cell: ({ hoursLeft }) => (hoursLeft === undefined ? undefined : formatDuration(hoursLeft * 3600)),
  },
  {
    field: 'meaning',
    title: { zh: '含义', en: 'Meaning' },
    cell: ({ meaning }, paint) => paint.words(meaning),
    value: ({ code }, lang) => FINDINGS[code].meaning[lang],
  },
  {
    field: 'remedy',
    title: { zh: '处理', en: 'What to do' },
    cell: ({ remedy }, paint) => paint.words(remedy),
    value: ({ code }, lang) => FINDINGS[code].remedy[lang],
  },
  {
    field: 'examples',
    title: { zh: '例如', en: 'For example' },
    cell: ({ examples }, paint) => (examples.length === 0 ? undefined : paint.text(examples.join(' '))),
    value: ({ examples }) => examples.join(' '),
  },
];
