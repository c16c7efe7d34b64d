import type { Command } from 'commander';
import { RECORD_KINDS } from '../domain/push-kind.js';
import { AppError } from '../errors.js';
import { type ChooseBody, chooseBody } from '../replay/choose-body.js';
import { type FieldChange, parseFieldChange, setField, TimeShift } from '../replay/edit-body.js';
import { type Expectations, parseBodyExpectation, parseJsonExpectation } from '../replay/judge-answer.js';
import { platformRetries } from '../replay/platform-retries.js';
import type { ReplayItem } from '../replay/replay-item.js';
import { REPORT_FORMATS, type ReportFormat } from '../replay/report.js';
import { demandPartner } from './flag-partners.js';
import {
  parseAddress,
  parseCount,
  parseChoice,
  parseFactor,
  parsePerSecond,
  parseTime,
  parseWaitMs,
  parseWithin,
} from './parse-flags.js';
import { addCriteriaFlags, readCriteria, type RecordOptions } from './record-flags.js';

/** Flags of `replay`, as typed. */
export interface ReplayFlags extends RecordOptions {
  readonly to?: string;
  readonly kind?: string;
  readonly rate?: string;
  readonly speed?: string;
  readonly concurrency?: string;
  readonly resign?: boolean;
  readonly set?: readonly string[];
  readonly shiftTimes?: string;
  readonly asPlatform?: boolean;
  readonly timeScale?: string;
  readonly expectStatus?: string;
  readonly expectBody?: string;
  readonly expectJson?: readonly string[];
  readonly maxLatency?: string;
  readonly report?: string;
  readonly reportFile?: string;
  readonly failedOf?: string;
  readonly resume?: string;
  readonly listRuns?: boolean;
  readonly pruneRuns?: string;
  readonly check?: string;
}

/** What the flags of a replay mean. */
export interface ReplayPlan {
  readonly to: URL;
  readonly wants: ChooseBody;
  /** What `wants` asks of the time of a record; `undefined`: nothing. */
  readonly since: Date | undefined;
  readonly limit: number;
  readonly speed: number | undefined;
  readonly ratePerSecond: number | undefined;
  readonly concurrency: number;
  readonly retryAfterMs: readonly number[] | undefined;
  readonly expectations: Expectations;
  /** Changes a push before it is sent. @throws AppError `flag-invalid` when it has no such field. */
  readonly edit: (item: ReplayItem) => ReplayItem;
  /** Whether `edit` sets fields, which a push may lack. */
  readonly setsFields: boolean;
}

type Kind = keyof typeof RECORD_KINDS;

const KINDS = Object.keys(RECORD_KINDS) as Kind[];
const SPEEDS = { '1x': 1, '10x': 10, max: undefined } as const;

/** Adds the flags. Defaults stand in {@link readPlan}: of a run that goes on only what is typed anew counts. */
export function addReplayFlags(target: Command): void {
  const gather = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
  target
    .argument('[files...]', 'files, folders, globs, -')
    .option('--to <address>', 'server; with a path of its own that path is used, else the one the push was saved with')
    .option('--kind <kind>', `only these: ${KINDS.join(', ')}`);
  addCriteriaFlags(target, true);
  target
    .option('--limit <count>', 'at most so many pushes')
    .option('--rate <count>', 'at most so many a second: 50/s')
    .option('--speed <speed>', '1x keeps the pauses of the saved arrivals, 10x a tenth, max none (default: max)')
    .option('--concurrency <count>', 'pushes under way at once (default: 1); one call or SMS stays in order')
    .option('--resign', "sign anew with the profile's key")
    .option('--set <path=value>', 'change a field: feeLst[*].appKey=test; may be given several times', gather)
    .option('--shift-times <time>', 'move all times so that the first push is of that time: now')
    .option('--as-platform', 'send again what is not answered 200: after 1, 4, 9, 106, 203, 300 minutes')
    .option('--time-scale <factor>', 'with --as-platform: 600x makes six seconds of an hour')
    .option('--expect-status <status>', 'the only right answer')
    .option('--expect-body <text>', 'the whole body, or /a pattern/ in it')
    .option('--expect-json <path=value>', 'a field of the answer; may be given several times', gather)
    .option('--max-latency <time>', 'a slower answer is wrong: 500ms')
    .option('--report <format>', `print a report instead of the pushes: ${REPORT_FORMATS.join(', ')}`)
    .option('--report-file <file>', 'write the report there and print the pushes')
    .option('--failed-of <run>', 'send only what failed in that run; "last" is the latest')
    .option('--resume <run>', 'go on with a run that was stopped; "last" is the latest')
    .option('--list-runs', 'list the runs that are kept')
    .option('--prune-runs <age>', 'remove the runs that ended and began longer ago than this: 30d; asks first')
    .option('--check <address>', 'try a server with made-up pushes of every kind, good and bad');
}

/**
 * What the flags mean.
 * @param when of typed times: the zone, and the instant at which the run began.
 * @throws AppError `flag-missing`, `flag-invalid`, `flag-conflict`, each naming the flag.
 */
export function readPlan(flags: ReplayFlags, when: { readonly zone: string; readonly now: Date }): ReplayPlan {
  if (flags.to === undefined)
    throw new AppError('flag-missing', {
      zh: '缺少 --to：要发往的服务器',
      en: '--to is missing: the server to send to',
    });
  const criteria = readCriteria(flags, { zone: when.zone, now: () => when.now });
  return {
    to: parseAddress('--to', flags.to),
    wants: chooseBody(criteria, readKind(flags.kind)),
    since: criteria.since,
    limit: flags.limit === undefined ? Number.POSITIVE_INFINITY : parseCount('--limit', flags.limit),
    speed: readSpeed(flags.speed ?? 'max'),
    ratePerSecond:
      flags.rate === undefined ? undefined : parsePerSecond('--rate', flags.rate, { zh: '推送数', en: 'pushes' }),
    concurrency: parseCount('--concurrency', flags.concurrency ?? '1'),
    retryAfterMs: readRetries(flags),
    expectations: readExpectations(flags),
    edit: readEdits(flags, when),
    setsFields: (flags.set ?? []).length > 0,
  };
}

/** The kind of pushes for the journal. @throws AppError `flag-invalid`. */
export function readKind(text: string | undefined): Kind | undefined {
  return text === undefined ? undefined : parseChoice('--kind', text, KINDS);
}

/** Form of the report; of a file without `--report` its name tells. @throws AppError `flag-invalid`. */
export function readReportFormat({ report, reportFile }: ReplayFlags): ReportFormat | undefined {
  if (report === undefined) {
    if (reportFile === undefined) return undefined;
    if (reportFile.endsWith('.xml')) return 'junit';
    return REPORT_FORMATS.find((one) => reportFile.endsWith(`.${one}`)) ?? 'table';
  }
  return parseChoice('--report', report, REPORT_FORMATS);
}

/** Longest wait for an answer that is right, in ms. @throws AppError `flag-invalid`. */
export function readMaxLatencyMs({ maxLatency }: ReplayFlags): number | undefined {
  return maxLatency === undefined ? undefined : parseWaitMs('--max-latency', maxLatency);
}

function readSpeed(text: string): number | undefined {
  return SPEEDS[parseChoice('--speed', text, Object.keys(SPEEDS) as (keyof typeof SPEEDS)[])];
}

function readRetries(flags: ReplayFlags): readonly number[] | undefined {
  const { asPlatform, timeScale } = flags;
  if (asPlatform !== true) {
    demandPartner(flags, ['timeScale'], '--as-platform');
    return undefined;
  }
  return timeScale === undefined ? platformRetries() : platformRetries(parseFactor('--time-scale', timeScale));
}

function readExpectations(flags: ReplayFlags): Expectations {
  const { expectStatus, expectBody, expectJson } = flags;
  return {
    status:
      expectStatus === undefined ? undefined : parseWithin('--expect-status', expectStatus, { least: 100, most: 599 }),
    body: expectBody === undefined ? undefined : parseBodyExpectation(expectBody),
    json: expectJson?.map(parseJsonExpectation),
    maxLatencyMs: readMaxLatencyMs(flags),
  };
}

function readEdits(
  { set, shiftTimes }: ReplayFlags,
  when: { readonly zone: string; readonly now: Date },
): (item: ReplayItem) => ReplayItem {
  const changes: readonly FieldChange[] = (set ?? []).map((typed) => parseFieldChange('--set', typed));
  const shift = shiftTimes === undefined ? undefined : new TimeShift(parseTime('--shift-times', shiftTimes, when));
  return (item) => {
    const shifted = shift?.apply(item) ?? item;
    return changes.reduce(setField, shifted);
  };
}
