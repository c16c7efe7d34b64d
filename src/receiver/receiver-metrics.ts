import type { PushReport } from './push-report.js';
import type { DeliveryCounts } from './delivery.js';

/** Upper bounds of the times to answer, seconds. */
const BOUNDS = [0.005, 0.025, 0.1, 0.5, 2.5, 10];

/** What is told of one way on which pushes are handed on. */
export interface DeliveryState {
  readonly label: string;
  readonly counts: Readonly<DeliveryCounts>;
}

/** What is asked for the moment. */
export interface MetricsSources {
  readonly journal: { readonly healthy: boolean; readonly pendingBytes: number };
  readonly deliveries: () => readonly DeliveryState[];
  /** Start of the receiver. */
  readonly startedAt: Date;
}

/** Counts what a receiver does, and tells it in the text format of Prometheus. No number, key or path is in it. */
export class ReceiverMetrics {
  readonly #sources: MetricsSources;
  readonly #pushes = new Map<string, number>();
  readonly #answers = new Map<number, number>();
  readonly #within = BOUNDS.map(() => 0);
  #seconds = 0;
  #count = 0;
  #bytes = 0;

  constructor(sources: MetricsSources) {
    this.#sources = sources;
  }

  count({ kind, result, status, bytes, tookMs }: PushReport): void {
    const seconds = tookMs / 1000;
    increase(this.#pushes, `kind="${kind}",result="${result ?? 'refused'}"`);
    increase(this.#answers, status);
    for (let index = BOUNDS.length - 1; index >= 0 && seconds <= (BOUNDS[index] ?? 0); index -= 1)
      this.#within[index] = (this.#within[index] ?? 0) + 1;
    this.#seconds += seconds;
    this.#count += 1;
    this.#bytes += bytes.length;
  }

  /** The text of `GET /metrics`. */
  text(): string {
    const { journal, deliveries, startedAt } = this.#sources;
    const ways = deliveries();
    const wayLines = (value: (counts: Readonly<DeliveryCounts>) => number): string[] =>
      ways.map(({ label, counts }) => `{to="${label.replaceAll(/[\\"\n]/g, '_')}"} ${value(counts)}`);
    return [
      ...metric('pushes_total', 'counter', 'POSTs by kind of push and what became of it.', [
        ...[...this.#pushes].map(([labels, count]) => `{${labels}} ${count}`),
      ]),
      ...metric('answers_total', 'counter', 'Answers by HTTP status.', [
        ...[...this.#answers].map(([status, count]) => `{status="${status}"} ${count}`),
      ]),
      ...metric('push_bytes_total', 'counter', 'Bytes of bodies taken.', [` ${this.#bytes}`]),
      ...metric('answer_seconds', 'histogram', 'From the head of a request to its answer.', [
        ...BOUNDS.map((bound, index) => `_bucket{le="${bound}"} ${this.#within[index] ?? 0}`),
        `_bucket{le="+Inf"} ${this.#count}`,
        `_sum ${this.#seconds.toFixed(6)}`,
        `_count ${this.#count}`,
      ]),
      ...metric('journal_healthy', 'gauge', '1 while the journal holds what it is given.', [
        ` ${journal.healthy ? 1 : 0}`,
      ]),
      ...metric('journal_pending_bytes', 'gauge', 'Taken but not yet durable.', [` ${journal.pendingBytes}`]),
      ...metric('start_time_seconds', 'gauge', 'Start of the receiver, seconds since 1970.', [
        ` ${startedAt.getTime() / 1000}`,
      ]),
      ...metric(
        'delivered_total',
        'counter',
        'Pushes handed on.',
        wayLines(({ delivered }) => delivered),
      ),
      ...metric(
        'delivery_retries_total',
        'counter',
        'Tries to be repeated.',
        wayLines(({ retried }) => retried),
      ),
      ...metric(
        'delivery_failed_total',
        'counter',
        'Pushes given up.',
        wayLines(({ failed }) => failed),
      ),
      ...metric(
        'delivery_waiting',
        'gauge',
        'Pushes held for a further try.',
        wayLines(({ waiting }) => waiting),
      ),
      ...metric(
        'delivery_reachable',
        'gauge',
        '0 while nobody is there.',
        wayLines(({ reachable }) => Number(reachable)),
      ),
      '',
    ].join('\n');
  }
}

function increase<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** One without samples is left out. */
function metric(name: string, type: string, help: string, samples: readonly string[]): string[] {
  if (samples.length === 0) return [];
  const full = `privacy_call_${name}`;
  return [`# HELP ${full} ${help}`, `# TYPE ${full} ${type}`, ...samples.map((sample) => `${full}${sample}`)];
}
