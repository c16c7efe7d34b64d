/** What an audit looks at. */
export const CHECKS = ['duplicates', 'cdrs', 'recordings', 'bindings', 'holes', 'signatures'] as const;
export type Check = (typeof CHECKS)[number];

/** `error`: something is lost or false; `warning`: something must be done; `info`: good to know. */
export type Severity = 'error' | 'warning' | 'info';

interface FindingText {
  readonly check: Check;
  readonly severity: Severity;
  readonly meaning: { readonly zh: string; readonly en: string };
  readonly remedy: { readonly zh: string; readonly en: string };
}

/**
 * Every kind of finding: what it means and what to do. Codes are interface: scripts read them.
 * Source: retries, retention, console and causes: privatenumber_02_0006a, pn_faq_spec06, pn_faq_spec07, pn_faq_00028, pn_faq_00023_6 (read 2026-07).
 */
export const FINDINGS = {
  'push-repeated': {
    check: 'duplicates',
    severity: 'info',
    meaning: {
      zh: '平台重复推送：上一次的应答没有按时到达。重复的推送只计一次',
      en: 'The platform pushed these again: an answer did not reach it in time. Each counts once',
    },
    remedy: {
      zh: '偶尔出现是正常的；若经常出现，请检查接收服务及其前面的代理是否够快',
      en: 'Now and then this is normal. Where it is frequent, look whether the receiver and the proxies before it are quick enough',
    },
  },
  'record-repeated': {
    check: 'duplicates',
    severity: 'info',
    meaning: {
      zh: '同一记录以相同内容出现多次；列表和统计只计一次',
      en: 'The same record is there several times with the same content; lists and counts take it once',
    },
    remedy: {
      zh: '无需处理；若由其他程序读取这些文件，请让它按 icid 或 sessionId 去重',
      en: 'Nothing. If other programs read these files, let them tell records by icid, else sessionId',
    },
  },
  'record-conflicting': {
    check: 'duplicates',
    severity: 'warning',
    meaning: {
      zh: '同一标识的记录内容不同；两者都保留，统计会各计一次',
      en: 'Records with the same key differ in content; both are kept, and counted twice',
    },
    remedy: {
      zh: '用 inspect 比较两者，并与控制台的业务详单核对；必要时联系平台客服',
      en: 'Compare them with inspect and with 业务详单 in the console; ask the support of the platform if they stay unclear',
    },
  },
  'cdr-missing': {
    check: 'cdrs',
    severity: 'warning',
    meaning: {
      zh: '呼叫有事件，却没有话单，且平台的六次重试已经结束',
      en: 'Calls with events but no CDR, although the six retries of the platform are over',
    },
    remedy: {
      zh: '检查控制台中的呼叫话单接收地址以及接收服务当时是否可用；在控制台业务详单（31 天内）查看这些呼叫',
      en: 'Check the address for CDRs (呼叫话单接收地址) in the console and whether the receiver was up; the calls are in 业务详单 for 31 days',
    },
  },
  'recording-waiting': {
    check: 'recordings',
    severity: 'warning',
    meaning: {
      zh: '话单标明有录音，但档案中没有文件；平台保留七天',
      en: 'The CDR says recorded, and there is no file in the archive; the platform keeps it seven days',
    },
    remedy: { zh: '执行 recordings download', en: 'Run recordings download' },
  },
  'recording-lost': {
    check: 'recordings',
    severity: 'error',
    meaning: {
      zh: '录音没有下载，七天已过，平台已删除',
      en: 'Recordings were not fetched in their seven days; the platform has deleted them',
    },
    remedy: {
      zh: '无法找回；请每晚执行 recordings download --fail-on-expired',
      en: 'They cannot be got back. Run recordings download --fail-on-expired every night',
    },
  },
  'recording-without-location': {
    check: 'recordings',
    severity: 'warning',
    meaning: {
      zh: '话单标明有录音，但没有文件名、域名或下载地址',
      en: 'The CDR says recorded, but names neither file and host nor an address',
    },
    remedy: {
      zh: '在控制台业务详单中下载（七天内），并联系平台客服',
      en: 'Download them from 业务详单 in the console within seven days, and ask the support of the platform',
    },
  },
  'binding-missing': {
    check: 'bindings',
    severity: 'warning',
    meaning: {
      zh: '呼叫到达 X，但主叫或被叫与该 X 没有绑定关系',
      en: 'Calls came to this X from or to numbers that are not bound to it',
    },
    remedy: {
      zh: '用 query -x 查看绑定是否存在、是否已过期；检查号码格式，以及绑定时长是否太短',
      en: 'Look with query -x whether the binding exists and has not ended; check the form of the numbers and whether --ttl is too short',
    },
  },
  'hole-possible': {
    check: 'holes',
    severity: 'warning',
    meaning: {
      zh: '可能有缺口：这段时间没有任何呼叫，而其中至少两个小时在一半以上的同类日子（周一至周五，周六周日）都有呼叫',
      en: 'Possibly a hole: no call at all, although at least two of these hours have calls on half of the days of their kind (Mon–Fri, Sat–Sun)',
    },
    remedy: {
      zh: '检查接收服务当时是否运行、地址是否可达；与控制台的业务统计和业务详单（31 天）核对',
      en: 'Check whether the receiver was up and reachable then; compare with 业务统计 and 业务详单 (31 days) in the console',
    },
  },
  'signature-wrong': {
    check: 'signatures',
    severity: 'error',
    meaning: {
      zh: '推送的签名与 profile 的 APP_Secret 不符：不是平台发来的，或 secret 已更换',
      en: 'The signature of the pushes does not fit the secret of the profile: they are not from the platform, or the secret has changed',
    },
    remedy: {
      zh: '核对应用的 APP_Key 和 APP_Secret；若确认无误，请用 listen --verify strict 和 --allow-ip，并不要相信这些记录',
      en: 'Compare APP_Key and APP_Secret with the console. If they are right, do not trust these records; use listen --verify strict and --allow-ip',
    },
  },
  'signature-missing': {
    check: 'signatures',
    severity: 'warning',
    meaning: { zh: '推送没有签名，无法确认来源', en: 'The pushes carry no signature: nobody knows who sent them' },
    remedy: {
      zh: '检查前面的代理是否去掉了 X-AKSK 或 X-WSSE 头；可用 listen --allow-ip 限制来源',
      en: 'Look whether a proxy takes the header X-AKSK or X-WSSE away; limit who may push with listen --allow-ip',
    },
  },
} as const satisfies Record<string, FindingText>;
export type FindingCode = keyof typeof FINDINGS;

/** One thing that an audit found. */
export interface Finding {
  readonly kind: 'Finding';
  readonly code: FindingCode;
  readonly check: Check;
  readonly severity: Severity;
  /** How many records, calls, pushes or (of a hole) whole hours. */
  readonly count: number;
  /** What it is about: an X, where it is about one. */
  readonly subject?: string | undefined;
  /** The latest of them; of a hole its start. */
  readonly at?: Date | undefined;
  /** End of a hole. */
  readonly until?: Date | undefined;
  /** Until the first of the recordings is deleted. */
  readonly hoursLeft?: number | undefined;
  readonly meaning: FindingText['meaning'];
  readonly remedy: FindingText['remedy'];
  /** Some of them, by session or by line of the journal. */
  readonly examples: readonly string[];
}

/** So many examples of a finding are kept unless more are asked for. */
export const MOST_EXAMPLES = 5;

/** Puts code, meaning and remedy to what was found. */
export function buildFinding(
  code: FindingCode,
  found: Pick<Finding, 'count' | 'subject' | 'at' | 'until' | 'hoursLeft' | 'examples'>,
): Finding {
  const { check, severity, meaning, remedy } = FINDINGS[code];
  return { kind: 'Finding', code, check, severity, ...found, meaning, remedy };
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/** The gravest first, then the most frequent. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (one, other) =>
      SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity) ||
      CHECKS.indexOf(one.check) - CHECKS.indexOf(other.check) ||
      other.count - one.count,
  );
}

/** Makes the counters of an audit, all of which keep as many examples. */
export type NewCounter = () => FindingCounter;

/** Counts things of one kind, with the latest instant and some examples, each of them once. */
export class FindingCounter {
  count = 0;
  at: Date | undefined;
  readonly #most: number;
  readonly #examples = new Set<string>();

  /** @param most examples kept; all that are kept are held in memory. */
  constructor(most = MOST_EXAMPLES) {
    this.#most = most;
  }

  add(at: Date | undefined, example: string | undefined): void {
    this.count += 1;
    if (at !== undefined && (this.at === undefined || at > this.at)) this.at = at;
    if (example !== undefined && this.#examples.size < this.#most) this.#examples.add(example);
  }

  /** @returns no finding where nothing was counted. */
  findings(code: FindingCode, more: Pick<Finding, 'subject' | 'hoursLeft'> = {}): Finding[] {
    const { count, at } = this;
    return count === 0 ? [] : [buildFinding(code, { count, at, examples: [...this.#examples], ...more })];
  }
}
