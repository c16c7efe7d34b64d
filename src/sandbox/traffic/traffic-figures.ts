/** What a run has done so far. */
export interface TrafficFigures {
  /** Calls made. */
  calls: number;
  /** Calls that were answered. */
  answeredCalls: number;
  /** Calls with a recording. */
  recordings: number;
  texts: number;
  /** CDRs in the pushes. */
  cdrs: number;
  /** Pushes made: each is then answered, waiting or given up. Questions (Block) are not among them. */
  pushes: number;
  /** Tries, those of the retries and the second copies of `push-twice` included. */
  sent: number;
  /** Pushes answered with HTTP 200. */
  answered: number;
  /** Tries after the first. */
  retried: number;
  /** Second copies. */
  copies: number;
  /** Pushes that the timetable gave up, or for which there was no room to wait. */
  givenUp: number;
  /** Pushes that were still to be tried, or tried again, when the run ended. */
  waiting: number;
  /** Block pushes, and those without a usable answer in time. */
  questions: number;
  unanswered: number;
}

/** Nothing done yet. */
export function noFigures(): TrafficFigures {
  return {
    ...{ calls: 0, answeredCalls: 0, recordings: 0, texts: 0, cdrs: 0 },
    ...{ pushes: 0, sent: 0, answered: 0, retried: 0, copies: 0, givenUp: 0, waiting: 0 },
    ...{ questions: 0, unanswered: 0 },
  };
}
