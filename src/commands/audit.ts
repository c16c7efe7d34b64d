import { counted } from '../domain/counted.js';
import { type TextPair, withZone } from '../domain/text-pair.js';
import { AppError } from '../errors.js';
import type { CallRecord } from '../domain/call-record.js';
import { RecordAudit } from '../notifications/audit-records.js';
import { buildRecordFilter } from '../notifications/filter-records.js';
import {
  type Check,
  CHECKS,
  type Finding,
  FindingCounter,
  MOST_EXAMPLES,
  type NewCounter,
  sortFindings,
} from '../notifications/finding.js';
import { planRecordings } from '../recordings/plan-recordings.js';
import type { StoredPush } from '../store/journal.js';
import { FINDING_COLUMNS } from './audit/audit-columns.js';
import { auditRecordings } from './audit/audit-recordings.js';
import { SignatureAudit } from './audit/audit-signatures.js';
import { defineCommand } from './command.js';
import type { CommandContext } from './command-context.js';
import { firstArrival } from './first-arrival.js';
import { openRecords, type OpenRecords } from './open-records.js';
import { parseChoices, parseCount } from './parse-flags.js';
import { readCriteria, type RecordOptions } from './record-flags.js';
import { secretsOf } from './secrets-of.js';

interface AuditOptions extends Pick<RecordOptions, 'since' | 'until' | 'x'> {
  readonly check?: string;
  readonly strict?: boolean;
  readonly examples?: string;
}

export const command = defineCommand<AuditOptions, [string[]]>({
  help: {
    purpose:
      'Look for what is missing or wrong in what was received; each finding says what it means and what to do. Checks: duplicates (pushes and records that came again, and such that differ), cdrs (calls with events and no CDR after all retries, 10 h 23 min), recordings (recorded calls without a file in the archive, with the hours left), bindings (calls without a binding, for each X), holes (time without calls where calls are usual), signatures (pushes of the journal whose signature does not fit the secret of the profile).\n' +
      'A hole is only possible: no call in at least two hours in which, on half of the days of the same kind (Monday to Friday, Saturday and Sunday), there are calls; three such days are needed. In the journal the silence up to now counts too. Reads what "inspect" reads; without files, the journal of the profile. Signatures are in the journal only.',
    examples: [
      { says: 'everything, from saved files', line: 'privacy-call audit calls/' },
      {
        says: 'an alarm for cron: exit code 10 when a recording is missing',
        line: 'privacy-call -p sandbox audit --check recordings --strict || echo $?',
      },
      {
        says: 'every call whose CDR is lost, one a line',
        line: "privacy-call audit calls/ --check cdrs --examples all --query 'items[].examples[]'",
      },
      { says: 'what to do, as CSV', line: 'privacy-call audit calls/ -o csv --fields code,count,subject,remedy' },
    ],
    output:
      'Finding: code, check, severity (error, warning, info), count, subject (the X), at, until, hoursLeft, meaning {zh, en}, remedy {zh, en}, examples; as CSV and TSV meaning and remedy are in the chosen language',
    exits: ['partial', 'auth', 'empty', 'assertion', 'storage'],
  },
  define: (target) => {
    target
      .argument('[files...]', 'files, folders, globs, -')
      .option('--since <time>', 'from this time on: 2026-11-22, "2026-11-22 08:00" (in --tz), yesterday, 24h (ago)')
      .option('--until <time>', 'until this time; a day counts whole')
      .option('-x, --x <number>', 'X number, whole or its last digits; pushes as a whole are looked at for every X')
      .option('--check <list>', `only ${CHECKS.join(', ')}; several with commas`)
      .option(
        '--examples <count>',
        'sessions (of signatures: pushes) named with each finding: a count, or all',
        String(MOST_EXAMPLES),
      )
      .option('--strict', 'exit 10 when there is any finding');
  },
  run: async (options, context, files) => {
    const checks = readChecks(options.check);
    const newCounter = counterOf(options.examples);
    const criteria = readCriteria(options, context);
    const wanted = buildRecordFilter(criteria);
    // A push as a whole belongs to no X.
    const within = buildRecordFilter({ since: criteria.since, until: criteria.until });
    const fromJournal = files.length === 0;
    const now = context.now();
    const audit = new RecordAudit({
      zone: context.zone,
      now,
      wanted,
      untilNow: fromJournal && criteria.until === undefined,
      newCounter,
    });
    const signatures = await openSignatures(context, { checks, fromJournal, newCounter });
    const onPush = (push: StoredPush): void => {
      if (!within({ kind: 'NumberStatus', at: push.at, raw: {} })) return;
      if (push.result === 'duplicate') audit.addRepeatedPush(push.at, push.id);
      else signatures?.add(push);
    };
    const records = await openRecords(context, files, {
      repeated: true,
      onPush,
      from: firstArrival(criteria.since, context),
    });
    const progress = await context.progress({ zh: '正在读取记录', en: 'reading records' });
    try {
      const recordings = await checkRecordings(records, audit, {
        context,
        asked: checks.includes('recordings'),
        newCounter,
      });
      const all = [...audit.findings(), ...recordings, ...(signatures?.findings() ?? [])];
      const findings = sortFindings(all.filter(({ check }) => checks.includes(check)));
      return {
        view: 'list',
        kind: 'FindingList',
        items: findings,
        columns: FINDING_COLUMNS,
        layout: 'blocks',
        warnings: records.warnings,
        outcome: () => (options.strict === true ? strictFailure(findings) : undefined) ?? records.outcome(),
        footer: (count) => withZone(footer(count, audit.count), context.zone),
      };
    } finally {
      progress.stop();
    }
  },
});

function readChecks(text: string | undefined): readonly Check[] {
  return text === undefined ? CHECKS : parseChoices('--check', text, CHECKS);
}

/** The counters of this audit, with as many examples as `--examples` asks for. @throws AppError `flag-invalid`. */
function counterOf(text = String(MOST_EXAMPLES)): NewCounter {
  const most = text.trim().toLowerCase() === 'all' ? Number.POSITIVE_INFINITY : parseCount('--examples', text, 0);
  return () => new FindingCounter(most);
}

async function openSignatures(
  context: CommandContext,
  {
    checks,
    fromJournal,
    newCounter,
  }: { readonly checks: readonly Check[]; readonly fromJournal: boolean; readonly newCounter: NewCounter },
): Promise<SignatureAudit | undefined> {
  if (!fromJournal || !checks.includes('signatures')) return undefined;
  const secrets = await secretsOf(context);
  if (secrets.size > 0) return new SignatureAudit(secrets, newCounter);
  await context.note({
    zh: '没有检查签名：该 profile 没有凭据',
    en: 'signatures are not checked: the profile has no credentials',
  });
  return undefined;
}

/** Reads all records through the audit; recorded calls go on to the plan of their recordings. */
async function checkRecordings(
  records: OpenRecords,
  audit: RecordAudit,
  {
    context,
    asked,
    newCounter,
  }: { readonly context: CommandContext; readonly asked: boolean; readonly newCounter: NewCounter },
): Promise<Finding[]> {
  const calls = async function* (): AsyncGenerator<{ record: CallRecord; receivedAt: Date | undefined }> {
    for await (const { record, receivedAt } of records.items) {
      const fresh = audit.add({ record, receivedAt });
      if (asked && fresh && record.kind === 'CallRecord' && record.recording !== undefined)
        yield { record, receivedAt };
    }
  };
  const shelf = asked ? await context.store() : {};
  return auditRecordings(await planRecordings(calls(), shelf, context.now()), context.now(), newCounter);
}

function strictFailure(findings: readonly Finding[]): AppError | undefined {
  if (findings.length === 0) return undefined;
  const codes = [...new Set(findings.map(({ code }) => code))].join(', ');
  return new AppError(
    'expectation-failed',
    {
      zh: `--strict：${findings.length} 项发现：${codes}`,
      en: `--strict: ${counted(findings.length, 'finding')}: ${codes}`,
    },
    {
      hint: {
        zh: 'privacy-call audit 说明每项的含义；--check 选择检查项目。',
        en: 'privacy-call audit tells what each means; --check chooses which count.',
      },
    },
  );
}

function footer(count: number, records: number): TextPair {
  return {
    zh: `${records} 条记录中有 ${count} 项发现`,
    en: `${counted(count, 'finding')} in ${counted(records, 'record')}`,
  };
}
