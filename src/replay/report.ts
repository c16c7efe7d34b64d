import { describeLatency, type LatencyFigures } from './latency-histogram.js';

/** Forms of a report. */
export const REPORT_FORMATS = ['table', 'json', 'junit', 'tap'] as const;

/** One of {@link REPORT_FORMATS}. */
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** One thing that was tried. */
export interface ReportCase {
  readonly name: string;
  readonly verdict: 'passed' | 'warned' | 'failed' | 'skipped';
  /** Why it is no plain pass. */
  readonly reason?: string | undefined;
  readonly latencyMs?: number | undefined;
}

/** All that was tried. */
export interface Report {
  /** `privacy-call replay`. */
  readonly name: string;
  readonly startedAt: Date;
  /** Where it went, without a password. */
  readonly target: string;
  readonly cases: readonly ReportCase[];
  readonly latency: LatencyFigures;
  /** Name by which `--failed-of` and `--resume` know it. */
  readonly run?: string | undefined;
}

/** The report as text, ending with a line feed. Control characters of names and reasons are left out. */
export function renderReport(report: Report, format: ReportFormat): string {
  if (format === 'json') return `${JSON.stringify(reportDocument(report), null, 2)}\n`;
  if (format === 'junit') return junit(report);
  return format === 'tap' ? tap(report) : table(report);
}

function reportDocument(report: Report): unknown {
  const { name, startedAt, target, run, latency, cases } = report;
  return {
    kind: 'ReplayReport',
    name,
    run,
    target,
    startedAt: startedAt.toISOString(),
    ...countsOf(report),
    latencyMs: latency,
    cases,
  };
}

interface Counts {
  readonly count: number;
  readonly passed: number;
  readonly warned: number;
  readonly failed: number;
  readonly skipped: number;
}

function countsOf({ cases }: Report): Counts {
  const of = (verdict: ReportCase['verdict']): number => cases.filter((one) => one.verdict === verdict).length;
  return {
    count: cases.length,
    passed: of('passed'),
    warned: of('warned'),
    failed: of('failed'),
    skipped: of('skipped'),
  };
}

function junit(report: Report): string {
  const { count, failed, skipped } = countsOf(report);
  const seconds = report.cases.reduce((sum, { latencyMs = 0 }) => sum + latencyMs / 1000, 0);
  const suite = `name="${xml(report.name)}" tests="${count}" failures="${failed}" errors="0" skipped="${skipped}"`;
  const latency = describeLatency(report.latency);
  const lines = report.cases.map((one) => {
    const head = `<testcase classname="${xml(report.name)}" name="${xml(one.name)}" time="${secondsText(one.latencyMs)}"`;
    const reason = xml(one.reason ?? '');
    if (one.verdict === 'failed') return `    ${head}><failure message="${reason}"/></testcase>`;
    if (one.verdict === 'skipped') return `    ${head}><skipped message="${reason}"/></testcase>`;
    if (one.verdict === 'warned') return `    ${head}><system-out>warning: ${reason}</system-out></testcase>`;
    return `    ${head}/>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite ${suite} time="${seconds.toFixed(4)}" timestamp="${report.startedAt.toISOString().slice(0, 19)}">`,
    ...lines,
    ...(latency === undefined ? [] : [`    <system-out>latency: ${latency}</system-out>`]),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function secondsText(latencyMs = 0): string {
  return (latencyMs / 1000).toFixed(4);
}

function tap(report: Report): string {
  const lines = report.cases.map(({ name, verdict, reason }, index) => {
    const text = `${index + 1} - ${plain(name).replaceAll('#', '\\#')}`;
    if (verdict === 'skipped') return `ok ${text} # SKIP ${plain(reason ?? '')}`;
    if (verdict === 'failed') return `not ok ${text}\n  ---\n  message: ${JSON.stringify(plain(reason ?? ''))}\n  ...`;
    return verdict === 'warned' ? `ok ${text}\n# warning: ${plain(reason ?? '')}` : `ok ${text}`;
  });
  const latency = describeLatency(report.latency);
  const notes = latency === undefined ? [] : [`# latency: ${latency}`];
  return ['TAP version 13', `1..${report.cases.length}`, ...lines, ...notes, ''].join('\n');
}

function table(report: Report): string {
  const { count, failed, warned, skipped } = countsOf(report);
  const notable = report.cases.filter(({ verdict }) => verdict !== 'passed');
  const lines = notable.map(({ name, verdict, reason }) => `${verdict}\t${plain(name)}\t${plain(reason ?? '')}`);
  const rows: readonly (readonly [string, string | number | undefined])[] = [
    ['target', report.target],
    ['run', report.run],
    ['sent', count - skipped],
    ['failed', failed],
    ['warnings', warned === 0 ? undefined : warned],
    ['skipped', skipped === 0 ? undefined : skipped],
    ['latency', describeLatency(report.latency)],
  ];
  const head = rows.filter(([, value]) => value !== undefined).map(([name, value]) => `${name}\t${String(value)}`);
  return [...head, ...lines, ''].join('\n');
}

function xml(text: string): string {
  return plain(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** One line without anything that moves a terminal or is forbidden in XML. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\uFFFE\uFFFF]/gu, ' ');
}
