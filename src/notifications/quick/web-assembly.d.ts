// The part of WebAssembly that is used; @types/node leaves it to the types of browsers.
declare namespace WebAssembly {
  // eslint-disable-next-line @typescript-eslint/no-extraneous-class -- nothing of it is used but its making
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>);
    readonly exports: Record<string, unknown>;
  }
  class Memory {
    constructor(size: { initial: number; maximum: number; shared?: boolean });
    readonly buffer: SharedArrayBuffer & ArrayBuffer;
  }
  interface Global {
    readonly value: number;
  }
}
