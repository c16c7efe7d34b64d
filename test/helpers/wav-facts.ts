import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What a WAV says of itself, and how much sound is really there. */
export interface WavFacts {
  /** 6 = A-law. */
  readonly format: number;
  readonly channels: number;
  readonly rate: number;
  readonly bits: number;
  /** Bytes of sound that are there. */
  readonly sound: number;
  /** Bytes of sound that the header promises. */
  readonly promised: number;
  /** Who measured. */
  readonly by: string;
}

const PYTHON = `
import json, struct, sys
bytes = open(sys.argv[1], 'rb').read()
assert bytes[:4] == b'RIFF' and bytes[8:12] == b'WAVE', bytes[:12]
assert struct.unpack('<I', bytes[4:8])[0] + 8 == len(bytes), 'RIFF size'
at, facts = 12, {}
while at + 8 <= len(bytes):
    name, size = bytes[at:at + 4], struct.unpack('<I', bytes[at + 4:at + 8])[0]
    body = bytes[at + 8:at + 8 + size]
    if name == b'fmt ':
        form, channels, rate, _, _, bits = struct.unpack('<HHIIHH', body[:16])
        facts.update(format=form, channels=channels, rate=rate, bits=bits)
    if name == b'data':
        facts.update(sound=len(body), promised=size)
    at += 8 + size + size % 2
print(json.dumps(facts))
`;

/** Measures a WAV by python3, or by a reader of its own where that is not installed; shares nothing with the program. */
export function wavFacts(file: string): WavFacts {
  const python = spawnSync('python3', ['-c', PYTHON, file], { encoding: 'utf8' });
  if (python.error !== undefined) return { ...readFacts(readFileSync(file)), by: 'own reader' };
  if (python.status !== 0) throw new Error(`${file} is not a whole WAV: ${python.stderr}`);
  return { ...(JSON.parse(python.stdout) as Omit<WavFacts, 'by'>), by: 'python3' };
}

function readFacts(bytes: Buffer): Omit<WavFacts, 'by'> {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.readUInt32LE(4) + 8 !== bytes.length) throw new Error('RIFF');
  let facts = { format: 0, channels: 0, rate: 0, bits: 0, sound: 0, promised: 0 };
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    if (name === 'fmt ') {
      const [format, channels, bits] = [8, 10, 22].map((offset) => bytes.readUInt16LE(at + offset));
      facts = { ...facts, format: format!, channels: channels!, rate: bytes.readUInt32LE(at + 12), bits: bits! };
    }
    if (name === 'data') facts = { ...facts, promised: size, sound: Math.min(size, bytes.length - at - 8) };
    at += 8 + size + (size % 2);
  }
  return facts;
}
