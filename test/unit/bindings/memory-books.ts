import { AppError } from '../../../src/errors.js';
import type { Bookkeeping } from '../../../src/bindings/bookkeeping.js';
import type { Binding } from '../../../src/domain/binding.js';
import type { BindingMode } from '../../../src/domain/mode.js';
import type { Values } from '../../../src/platform/declarations/declaration.js';
import type { Platform } from '../../../src/platform/platform.js';
import type { InventoryEntry } from '../../../src/store/inventory-entry.js';
import type { KeyedLog } from '../../../src/store/keyed-log.js';
import type { LedgerEntry } from '../../../src/store/ledger-entry.js';

/** A keyed log in memory; counts its writes, and refuses them once `full` is set. */
export class MemoryLog<T extends { readonly key: string }> implements KeyedLog<T> {
  readonly lines: T[] = [];
  writes = 0;
  /** How often somebody asked for entries by their keys. */
  reads = 0;
  full = false;

  append(entries: readonly T[]): Promise<void> {
    if (this.full) return Promise.reject(new AppError('disk-full', 'cannot write: no space left'));
    this.writes += 1;
    this.lines.push(...entries);
    return Promise.resolve();
  }

  async *entries(): AsyncGenerator<T> {
    const latest = new Map<string, T>();
    for (const line of this.lines) latest.set(line.key, line);
    for (const entry of latest.values()) yield await Promise.resolve(entry);
  }

  async getAll(keys: Iterable<string>): Promise<ReadonlyMap<string, T>> {
    this.reads += 1;
    const wanted = new Set(keys);
    const found = new Map<string, T>();
    for await (const entry of this.entries()) if (wanted.has(entry.key)) found.set(entry.key, entry);
    return found;
  }

  get(key: string): Promise<T | undefined> {
    this.reads += 1;
    return Promise.resolve(this.lines.findLast((line) => line.key === key));
  }
}

/** A platform that holds bindings in a list and does what the test tells it. */
export class MemoryPlatform implements Pick<Platform, 'bind' | 'unbind' | 'update' | 'query'> {
  bindings: Binding[];
  readonly calls: [string, Values][] = [];
  /** Thrown by the next change; with `acts` the change happens all the same. */
  fault: { readonly error: AppError; readonly acts: boolean } | undefined;
  /** Thrown by every query. */
  queryFault: AppError | undefined;
  /** What the next bind answers. */
  next: Partial<Binding> = { subscriptionId: 'id-new' };

  constructor(bindings: Binding[] = []) {
    this.bindings = bindings;
  }

  bind(mode: BindingMode, values: Values): Promise<Binding> {
    this.calls.push(['bind', values]);
    const answered = { kind: 'Binding', mode, subscriptionId: 'id-new', x: values.x, ...this.next } as Binding;
    return this.#act(() => {
      this.bindings.push({ a: values.a as string, b: values.b as string, ...answered });
      return answered;
    });
  }

  unbind(_mode: BindingMode, values: Values): Promise<void> {
    this.calls.push(['unbind', values]);
    return this.#act(() => {
      this.bindings = this.bindings.filter((binding) => !named(binding, values));
    });
  }

  update(_mode: BindingMode, values: Values): Promise<void> {
    this.calls.push(['update', values]);
    return this.#act(() => {
      this.bindings = this.bindings.map((binding) =>
        named(binding, values) ? ({ ...binding, b: values.b ?? binding.b } as Binding) : binding,
      );
    });
  }

  async *query(_mode: BindingMode, values: Values): AsyncGenerator<Binding> {
    this.calls.push(['query', values]);
    if (this.queryFault !== undefined) throw this.queryFault;
    for (const binding of this.bindings) if (named(binding, values)) yield await Promise.resolve(binding);
  }

  #act<T>(change: () => T): Promise<T> {
    const { fault } = this;
    this.fault = undefined;
    const done = fault === undefined || fault.acts ? change() : undefined;
    return fault === undefined ? Promise.resolve(done as T) : Promise.reject(fault.error);
  }
}

function named(binding: Binding, values: Values): boolean {
  if (values.id !== undefined) {
    const y = values.y === undefined || binding.y === values.y;
    return binding.subscriptionId === values.id && y;
  }
  return (['a', 'b', 'x', 'extension'] as const).every(
    (name) => values[name] === undefined || binding[name] === values[name],
  );
}

export const NOW = new Date('2026-07-20T08:00:00Z');
export const A = '+8613800000001';
export const B = '+8613800000002';
export const X = '+8617000000101';
export const X2 = '+8617000000102';

/** Books in memory around a platform that holds `bindings`. */
export function memoryBooks(bindings: Binding[] = []): Omit<Bookkeeping, 'ledger' | 'inventory' | 'platform'> & {
  readonly platform: Platform;
  readonly memory: MemoryPlatform;
  readonly ledger: MemoryLog<LedgerEntry>;
  readonly inventory: MemoryLog<InventoryEntry>;
} {
  const memory = new MemoryPlatform(bindings);
  return {
    platform: memory as unknown as Platform,
    memory,
    ledger: new MemoryLog<LedgerEntry>(),
    inventory: new MemoryLog<InventoryEntry>(),
    now: () => NOW,
  };
}

/** A binding with an ID. */
export function binding(fields: Partial<Binding> & Pick<Binding, 'subscriptionId'>): Binding {
  return { kind: 'Binding', mode: 'axb', ...fields };
}

/** An active ledger line of a binding. */
export function line(fields: Binding, more: Partial<LedgerEntry> = {}): LedgerEntry {
  const key = `${fields.mode}:${fields.subscriptionId}${fields.mode === 'axyb' && fields.y ? `:${fields.y}` : ''}`;
  return { key, at: NOW, mode: fields.mode, action: 'bind', state: 'active', binding: fields, ...more };
}

/** The failure of `promise`; fails when there is none. */
export async function failureOf(promise: Promise<unknown>): Promise<AppError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof AppError) return error;
  throw new Error('expected an AppError', { cause: error });
}

export const LOST = new AppError('outcome-unknown', 'the answer was lost');
