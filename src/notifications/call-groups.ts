import type { Cause } from '../domain/cause.js';
import type { CallFacts } from './call-facts.js';
import { CallTally } from './call-tally.js';
import type { GroupKey, GroupValues } from './group-key.js';
import { dayNumber, dayText, hourOfDay, weekdayOf } from './local-hours.js';

/** Calls that have something in common, and what was counted of them. */
export interface CallGroup {
  readonly values: GroupValues;
  readonly tally: CallTally;
}

/** Finds the group of a call; the group is made with its first call. */
export class CallGroups {
  readonly #by: readonly GroupKey[];
  readonly #groups = new Map<string | number, CallGroup>();

  constructor(by: readonly GroupKey[]) {
    this.#by = by;
  }

  /** All groups, in the order in which they were made. */
  all(): readonly CallGroup[] {
    return [...this.#groups.values()];
  }

  /** @param hours whole hours by {@link localHours}; `undefined` when the time of the call is not known. */
  of(call: CallFacts, hours: number | undefined): CallGroup {
    const [first, ...more] = this.#by;
    let name = first === undefined ? '' : keyText(first, call, hours);
    for (const key of more) name = `${name}\n${keyText(key, call, hours)}`;
    let group = this.#groups.get(name);
    if (group === undefined) {
      const values = Object.fromEntries(this.#by.map((key) => [key, valueOf(key, call, hours)])) as GroupValues;
      group = { values, tally: new CallTally() };
      this.#groups.set(name, group);
    }
    return group;
  }
}

/** What tells groups by cause apart; '' without a cause. */
export function causeText(cause: Cause | undefined): string {
  if (cause === undefined) return '';
  // The usual source without a new text: this is asked for every call.
  return cause.source === 'release' ? cause.code : `${cause.source}:${cause.code}`;
}

/** What tells the groups apart; made for every call, so it makes no texts that it does not need. */
function keyText(key: GroupKey, call: CallFacts, hours: number | undefined): string | number {
  switch (key) {
    case 'hour':
      return hours === undefined ? '' : hourOfDay(hours);
    case 'day':
      return hours === undefined ? '' : dayNumber(hours);
    case 'weekday':
      return hours === undefined ? '' : weekdayOf(dayNumber(hours));
    case 'cause':
      return causeText(call.cause);
    case 'area':
      return call.areaCode ?? '';
    default:
      return call[key] ?? '';
  }
}

function valueOf(key: GroupKey, call: CallFacts, hours: number | undefined): GroupValues[GroupKey] {
  const text = keyText(key, call, hours);
  if (text === '') return undefined;
  if (key === 'day') return dayText(Number(text));
  return key === 'cause' ? call.cause : text;
}
