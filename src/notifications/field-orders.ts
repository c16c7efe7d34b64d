/** A set of field names: its number, and the order in which its members are to be read. */
export interface FieldOrder {
  readonly id: number;
  readonly names: readonly string[];
}

/** Where an object stands whose fields are read one by one. */
export interface FieldPath {
  readonly next: Map<string, FieldPath>;
  /** The usual next field and where it leads: objects of a stream follow one another in the same order. */
  lastName: string | undefined;
  last: FieldPath | undefined;
  /** Known once an object ended here. */
  order: FieldOrder | undefined;
  /** The names up to here are in the order to be read. */
  isInOrder: boolean;
}

/** Paths kept; notifications have some hundred, a hostile file any number. */
const MAX_PATHS = 20_000;

/** Gives objects with the same field names one order to read them in: that in which the names came first. */
export class FieldOrders {
  readonly start: FieldPath = newPath();
  readonly #known = new Map<string, FieldOrder>();
  #paths = 0;

  /** Goes on from `path` by the field `name`; `undefined` when too many paths are known. */
  follow(path: FieldPath, name: string): FieldPath | undefined {
    let next = path.next.get(name);
    if (next === undefined) {
      if (this.#paths >= MAX_PATHS) return undefined;
      this.#paths++;
      next = newPath();
      path.next.set(name, next);
    }
    path.lastName = name;
    path.last = next;
    return next;
  }

  /** The order for an object with these names; `path` is where they end, if that is known. */
  find(names: readonly string[], path: FieldPath | undefined): FieldOrder {
    const sorted = [...names].sort();
    const set = JSON.stringify(sorted);
    let order = this.#known.get(set);
    // Behind the bound nothing is kept, and sorted is an order for all.
    if (order === undefined && path === undefined) return { id: set.length, names: sorted };
    if (order === undefined) {
      order = { id: this.#known.size + 1, names };
      this.#known.set(set, order);
    }
    if (path !== undefined) {
      path.order = order;
      path.isInOrder = names.every((name, at) => order.names[at] === name);
    }
    return order;
  }
}

function newPath(): FieldPath {
  return { next: new Map(), lastName: undefined, last: undefined, order: undefined, isInOrder: false };
}
