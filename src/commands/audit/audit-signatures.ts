import type { Finding, FindingCounter, NewCounter } from '../../notifications/finding.js';
import { judgeSignature } from '../../receiver/judge-signature.js';
import type { StoredPush } from '../../store/journal.js';

/** Checks the signatures of pushes as the journal keeps them. */
export class SignatureAudit {
  readonly #secrets: ReadonlyMap<string, string>;
  readonly #wrong: FindingCounter;
  readonly #missing: FindingCounter;

  /** @param secrets by APP_Key. */
  constructor(secrets: ReadonlyMap<string, string>, newCounter: NewCounter) {
    this.#secrets = secrets;
    this.#wrong = newCounter();
    this.#missing = newCounter();
  }

  /** Not for repeated pushes: the journal keeps no headers of them. */
  add({ at, id, headers, remote }: StoredPush): void {
    const state = judgeSignature(headers, (appKey) => this.#secrets.get(appKey));
    const example = `${id} (${remote})`;
    if (state === 'invalid') this.#wrong.add(at, example);
    if (state === 'absent') this.#missing.add(at, example);
  }

  findings(): Finding[] {
    return [...this.#wrong.findings('signature-wrong'), ...this.#missing.findings('signature-missing')];
  }
}
