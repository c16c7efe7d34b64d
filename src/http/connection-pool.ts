import { Connection, type ConnectionOptions } from './connection.js';

/** Connections that are kept for the next request. */
export class ConnectionPool {
  readonly #free = new Map<string, Connection[]>();
  readonly #keepMs: number;
  readonly #most: number;

  /**
   * @param keepMs so long a connection that nobody uses is kept, in milliseconds.
   * @param most so many are kept for each name.
   */
  constructor(keepMs: number, most: number) {
    this.#keepMs = keepMs;
    this.#most = most;
  }

  /**
   * @param name requests of one name may share connections.
   * @returns a kept connection, or a new one that is still on its way.
   */
  take(name: string, options: ConnectionOptions): { readonly connection: Connection; readonly isNew: boolean } {
    const free = this.#free.get(name) ?? [];
    for (let kept = free.pop(); kept !== undefined; kept = free.pop()) {
      kept.rouse();
      if (kept.isFree) return { connection: kept, isNew: false };
    }
    return { connection: new Connection(options), isNew: true };
  }

  /** Takes a connection back whose exchange has ended; one that is of no more use is left alone. */
  give(name: string, connection: Connection): void {
    if (!connection.isFree) return;
    const free = this.#free.get(name) ?? [];
    this.#free.set(name, free);
    if (free.length >= this.#most) {
      connection.destroy();
      return;
    }
    connection.rest(this.#keepMs);
    free.push(connection);
  }
}
