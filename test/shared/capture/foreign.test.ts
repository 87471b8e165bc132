// Captures that others made: every format, link layer and byte order; TCP that was reordered, repeated, lost.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CaptureRecord } from '../../../shared/capture/records.ts';
import { concat, decode } from './session-bytes.ts';

const CLIENT = [192, 168, 1, 2];
const SERVER = [10, 0, 0, 1];
const SYN = 2;
const ACK = 16;
const FIN = 1;
const RST = 4;

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const be16 = (value: number): number[] => [(value >>> 8) & 0xff, value & 0xff];
const be32 = (value: number): number[] => [...be16(value >>> 16), ...be16(value & 0xffff)];

interface Packet {
  readonly from: 'client' | 'server';
  readonly seq: number;
  readonly ack?: number;
  readonly flags?: number;
  readonly data?: Uint8Array;
}

/** An IPv4 packet with TCP; checksums are nobody's concern here. */
function packet({ from, seq, ack, flags = 0, data = new Uint8Array(0) }: Packet): Uint8Array {
  const [source, destination] = from === 'client' ? [CLIENT, SERVER] : [SERVER, CLIENT];
  const ports = from === 'client' ? [...be16(50_000), ...be16(80)] : [...be16(80), ...be16(50_000)];
  const bits = flags | (ack === undefined ? 0 : ACK);
  const tcp = [...ports, ...be32(seq), ...be32(ack ?? 0), 0x50, bits, 1, 0, 0, 0, 0, 0];
  const ip = [0x45, 0, ...be16(40 + data.length), 0, 0, 0x40, 0, 64, 6, 0, 0, ...source, ...destination];
  return concat([new Uint8Array([...ip, ...tcp]), data]);
}

function ipv6(of: Uint8Array): Uint8Array {
  const tcp = of.subarray(20);
  // With a destination-options header in between.
  const head = [0x60, 0, 0, 0, ...be16(tcp.length + 8), 60, 64];
  const address = (bytes: Uint8Array): number[] => [0xfe, 0x80, ...Array<number>(10).fill(0), ...bytes];
  return concat([
    new Uint8Array([
      ...head,
      ...address(of.subarray(12, 16)),
      ...address(of.subarray(16, 20)),
      6,
      0,
      1,
      4,
      0,
      0,
      0,
      0,
    ]),
    tcp,
  ]);
}

const links: Record<string, [number, (ip: Uint8Array, v6: boolean) => Uint8Array]> = {
  raw: [101, (ip) => ip],
  'the other raw': [12, (ip) => ip],
  ethernet: [
    1,
    (ip, v6) =>
      concat([new Uint8Array(12), new Uint8Array(v6 ? [0x86, 0xdd] : [8, 0]), ip, new Uint8Array(6)]),
  ],
  'ethernet with a VLAN': [
    1,
    (ip, v6) =>
      concat([
        new Uint8Array([...Array<number>(12).fill(0), 0x81, 0, 0, 5, ...(v6 ? [0x86, 0xdd] : [8, 0])]),
        ip,
      ]),
  ],
  null: [0, (ip, v6) => concat([new Uint8Array([v6 ? 30 : 2, 0, 0, 0]), ip])],
  loop: [108, (ip, v6) => concat([new Uint8Array([0, 0, 0, v6 ? 24 : 2]), ip])],
  'linux cooked': [
    113,
    (ip, v6) => concat([new Uint8Array([...Array<number>(14).fill(0), ...(v6 ? [0x86, 0xdd] : [8, 0])]), ip]),
  ],
  'linux cooked 2': [
    276,
    (ip, v6) => concat([new Uint8Array([...(v6 ? [0x86, 0xdd] : [8, 0]), ...Array<number>(18).fill(0)]), ip]),
  ],
};

interface Timed {
  /** Microseconds since the first packet. */
  readonly time: number;
  readonly bytes: Uint8Array;
  readonly original?: number;
}

const STARTED = 1_700_000_000;

function pcap(packets: readonly Timed[], linkType: number, little: boolean, nano: boolean): Uint8Array {
  const parts: Uint8Array[] = [];
  const numbers = (size: number, ...values: number[]): Uint8Array => {
    const view = new DataView(new ArrayBuffer(values.length * size));
    values.forEach((value, i) =>
      size === 4 ? view.setUint32(i * 4, value, little) : view.setUint16(i * 2, value, little),
    );
    return new Uint8Array(view.buffer);
  };
  parts.push(
    numbers(4, nano ? 0xa1b23c4d : 0xa1b2c3d4),
    numbers(2, 2, 4),
    numbers(4, 0, 0, 65_535, linkType),
  );
  for (const { time, bytes, original } of packets) {
    const micro = time % 1e6;
    parts.push(
      numbers(
        4,
        STARTED + Math.floor(time / 1e6),
        nano ? micro * 1000 : micro,
        bytes.length,
        original ?? bytes.length,
      ),
      bytes,
    );
  }
  return concat(parts);
}

/** @param resolution the option if_tsresol, or null for the default of microseconds */
function pcapng(
  packets: readonly Timed[],
  linkType: number,
  little: boolean,
  resolution: number | null,
): Uint8Array {
  const block = (
    type: number,
    body: (view: DataView) => void,
    size: number,
    rest: Uint8Array = new Uint8Array(0),
  ): Uint8Array => {
    const padded = (rest.length + 3) & ~3;
    const view = new DataView(new ArrayBuffer(12 + size + padded));
    view.setUint32(0, type, little);
    view.setUint32(4, view.byteLength, little);
    body(view);
    new Uint8Array(view.buffer).set(rest, 8 + size);
    view.setUint32(view.byteLength - 4, view.byteLength, little);
    return new Uint8Array(view.buffer);
  };
  const parts = [
    block(
      0x0a0d0d0a,
      (view) => {
        view.setUint32(8, 0x1a2b3c4d, little);
        view.setUint16(12, 1, little);
        view.setBigInt64(16, -1n, little);
      },
      16,
    ),
    block(
      1,
      (view) => {
        view.setUint16(8, linkType, little);
        if (resolution === null) return;
        view.setUint16(16, 9, little);
        view.setUint16(18, 1, little);
        view.setUint8(20, resolution);
      },
      resolution === null ? 8 : 20,
    ),
  ];
  const units =
    resolution === null
      ? 1_000_000n
      : (resolution & 0x80) === 0
        ? 10n ** BigInt(resolution)
        : 2n ** BigInt(resolution & 0x7f);
  for (const { time, bytes, original } of packets) {
    const at = ((BigInt(STARTED) * 1_000_000n + BigInt(time)) * units) / 1_000_000n;
    parts.push(
      block(
        6,
        (view) => {
          view.setUint32(12, Number(at >> 32n), little);
          view.setUint32(16, Number(at & 0xffff_ffffn), little);
          view.setUint32(20, bytes.length, little);
          view.setUint32(24, original ?? bytes.length, little);
        },
        20,
        bytes,
      ),
    );
  }
  return concat(parts);
}

const request = text('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
const response = text('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello');
const Q = request.length;
const S = response.length;

/** A connection from SYN to the last FIN, ten packets a millisecond apart. */
const conversation: Packet[] = [
  { from: 'client', seq: 1000, flags: SYN },
  { from: 'server', seq: 9000, ack: 1001, flags: SYN },
  { from: 'client', seq: 1001, ack: 9001 },
  { from: 'client', seq: 1001, ack: 9001, data: request },
  { from: 'server', seq: 9001, ack: 1001 + Q },
  { from: 'server', seq: 9001, ack: 1001 + Q, data: response },
  { from: 'client', seq: 1001 + Q, ack: 9001 + S },
  { from: 'client', seq: 1001 + Q, ack: 9001 + S, flags: FIN },
  { from: 'server', seq: 9001 + S, ack: 1002 + Q, flags: FIN },
  { from: 'client', seq: 1002 + Q, ack: 9002 + S },
];
const timed = (packets: readonly Packet[]): Timed[] =>
  packets.map((one, i) => ({ time: i * 1000, bytes: packet(one) }));

/** A record in one line. */
function line(record: CaptureRecord): string {
  const ms = record.time / 1e6;
  switch (record.kind) {
    case 'opened':
      return `${ms} ${record.end} opened ${record.client.address}:${record.client.port} ${record.server.address}:${record.server.port}`;
    case 'sent':
    case 'received':
    case 'discarded': {
      const bytes =
        record.kind === 'sent'
          ? ` ${record.bytes === null ? 'null' : JSON.stringify(new TextDecoder().decode(record.bytes))}`
          : '';
      return `${ms} ${record.end} ${record.kind} ${record.offset}+${record.length}${bytes}`;
    }
    case 'ended':
      return `${ms} ${record.end} ended ${record.direction}`;
    case 'closed':
      return `${ms} ${record.end} closed ${record.how} by ${record.by} ${record.sent}/${record.received}`;
    default:
      throw new Error(`nobody captured a ${record.kind}`);
  }
}

const lines = (packets: readonly Packet[]): string[] =>
  decode(pcap(timed(packets), 101, true, true)).records.map(line);

const told = (client: string, server: string): string[] => [
  `0 client opened ${client}:50000 ${server}:80`,
  `0 server opened ${client}:50000 ${server}:80`,
  `3 client sent 0+${Q} ${JSON.stringify(new TextDecoder().decode(request))}`,
  `4 server received 0+${Q}`,
  `5 server sent 0+${S} ${JSON.stringify(new TextDecoder().decode(response))}`,
  `6 client received 0+${S}`,
  '7 client ended out',
  '8 server ended in',
  '8 server ended out',
  '9 client ended in',
  `9 client closed fin by client ${Q}/${S}`,
  `9 server closed fin by client ${S}/${Q}`,
];

describe('a foreign capture', () => {
  const formats: [string, (packets: readonly Timed[], linkType: number) => Uint8Array][] = [
    ['pcap, µs, little-endian', (packets, link) => pcap(packets, link, true, false)],
    ['pcap, µs, big-endian', (packets, link) => pcap(packets, link, false, false)],
    ['pcap, ns, little-endian', (packets, link) => pcap(packets, link, true, true)],
    ['pcap, ns, big-endian', (packets, link) => pcap(packets, link, false, true)],
    ['pcapng, µs, little-endian', (packets, link) => pcapng(packets, link, true, null)],
    ['pcapng, µs, big-endian', (packets, link) => pcapng(packets, link, false, null)],
    ['pcapng, ns, little-endian', (packets, link) => pcapng(packets, link, true, 9)],
    ['pcapng, ns, big-endian', (packets, link) => pcapng(packets, link, false, 9)],
  ];
  it.each(formats)('opens as %s', (_, write) => {
    const file = write(timed(conversation), 101);
    const { records, decoder, pieces } = decode(file);
    expect(records.map(line)).toEqual(told('192.168.1.2', '10.0.0.1'));
    expect([decoder.foreign, decoder.damage, decoder.header.startedAt]).toEqual([
      true,
      null,
      BigInt(STARTED) * 1_000_000_000n,
    ]);
    const [piece] = pieces.find(1, 'response', 0, 8).pieces;
    expect(new TextDecoder().decode(file.subarray(piece!.position, piece!.position + 8))).toBe('HTTP/1.1');
    for (const chunk of [1, 37, 100]) expect(decode(file, chunk).records).toEqual(records);
  });

  it('reads times in powers of two', () => {
    const { records } = decode(pcapng(timed(conversation), 101, true, 0x80 | 20));
    expect(records.map(({ time }) => Math.round(time / 1e6))).toEqual([0, 0, 3, 4, 5, 6, 7, 8, 8, 9, 9, 9]);
  });

  it.each(Object.entries(links))('opens from the link layer %s, for IPv4 and IPv6', (_, [linkType, wrap]) => {
    const four = timed(conversation).map(({ time, bytes }) => ({ time, bytes: wrap(bytes, false) }));
    expect(decode(pcap(four, linkType, true, true)).records.map(line)).toEqual(
      told('192.168.1.2', '10.0.0.1'),
    );
    const six = timed(conversation).map(({ time, bytes }) => ({ time, bytes: wrap(ipv6(bytes), true) }));
    expect(decode(pcap(six, linkType, true, true)).records.map(line)).toEqual(
      told('fe80::c0a8:102', 'fe80::a00:1'),
    );
  });

  it('leaves out what is no TCP, and counts it', () => {
    const udp = packet(conversation[3]!);
    udp[9] = 17;
    const fragment = packet(conversation[3]!);
    fragment[7] = 1;
    const arp = new Uint8Array(28);
    const odd = [udp, fragment, arp, new Uint8Array(3)].map((bytes) => ({ time: 500, bytes }));
    const { records, decoder } = decode(pcap([...odd, ...timed(conversation)], 101, true, true));
    expect(records).toHaveLength(12);
    expect(decoder.skippedPackets).toBe(4);
  });

  it('puts segments in order, once each, however they came', () => {
    const pieces = Array.from({ length: Q }, (_, i) => ({ from: i, to: Math.min(Q, i + 1 + ((i * 7) % 5)) }));
    fc.assert(
      fc.property(
        fc.shuffledSubarray(pieces, { minLength: pieces.length }),
        fc.array(fc.nat(Q - 1)),
        (order, again) => {
          const segments = [...order, ...again.map((i) => pieces[i]!)].map(({ from, to }): Packet => ({
            from: 'client',
            seq: 1001 + from,
            ack: 9001,
            data: request.slice(from, to),
          }));
          const { records } = decode(
            pcap(
              timed([...conversation.slice(0, 3), ...segments, ...conversation.slice(4)]),
              101,
              true,
              true,
            ),
          );
          const sent = records.filter((record) => record.kind === 'sent' && record.end === 'client');
          expect(concat(sent.map((record) => (record.kind === 'sent' ? record.bytes! : request)))).toEqual(
            request,
          );
          expect(records.at(-1)).toMatchObject({ kind: 'closed', how: 'fin' });
        },
      ),
      { numRuns: 50 },
    );
  });

  it('counts what was acknowledged but never caught', () => {
    const packets = [...conversation];
    packets.splice(3, 1);
    const found = lines(packets);
    expect(found[2]).toBe(`3 client sent 0+${Q} null`);
    expect(found[3]).toBe(`3 server received 0+${Q}`);
    expect(found).toHaveLength(12);
  });

  it('counts the rest of a packet that was cut by its snapshot length', () => {
    const short = timed(conversation).map((one) => ({
      ...one,
      bytes: one.bytes.slice(0, 50),
      original: one.bytes.length,
    }));
    const found = decode(pcap(short, 101, true, true)).records.map(line);
    expect(found.slice(2, 5)).toEqual([
      `3 client sent 0+10 "GET / HTTP"`,
      `3 client sent 10+${Q - 10} null`,
      `4 server received 0+${Q}`,
    ]);
  });

  it('tells a reset by who sent it', () => {
    expect(
      lines([...conversation.slice(0, 5), { from: 'server', seq: 9001, ack: 1001 + Q, flags: RST }]).slice(4),
    ).toEqual([`5 server closed rst by server 0/${Q}`, `5 client closed rst by server ${Q}/0`]);
  });

  it('begins in the middle: who is the client is told by what is said, else by the ports', () => {
    expect(lines(conversation.slice(3))).toEqual(
      told('192.168.1.2', '10.0.0.1').map((text) =>
        text.replace(/^\d+/, (ms) => String(Math.max(0, Number(ms) - 3))),
      ),
    );
    expect(lines(conversation.slice(5))[0]).toBe('0 client opened 192.168.1.2:50000 10.0.0.1:80');
    const unknown = [{ from: 'server', seq: 5, data: text('\u0001\u0002') } as const];
    expect(lines(unknown)[0]).toBe('0 client opened 192.168.1.2:50000 10.0.0.1:80');
  });

  it('tells connections apart that use the same ports one after the other', () => {
    const again = conversation.map((one) => ({
      ...one,
      seq: one.seq + 5_000_000,
      ...(one.ack === undefined ? {} : { ack: one.ack + 5_000_000 }),
    }));
    const { records } = decode(pcap(timed([...conversation, ...again]), 101, true, true));
    expect(records.map(({ connection }) => connection)).toEqual([
      ...Array<number>(12).fill(1),
      ...Array<number>(12).fill(2),
    ]);
  });

  it('takes a repeated SYN for what it is', () => {
    expect(lines([conversation[0]!, ...conversation])).toHaveLength(12);
  });

  it('counts on when sequence numbers wrap', () => {
    const base = 0xffff_fff0;
    const wrapped = conversation.map((one) => ({
      ...one,
      seq: (one.seq - 1000 + base) >>> 0,
      ...(one.ack === undefined ? {} : { ack: (one.ack - 1000 + base) >>> 0 }),
    }));
    const shifted = wrapped.map((one, i) => ({
      ...conversation[i]!,
      ...(one.from === 'client' ? { seq: one.seq } : { ack: one.ack! }),
    }));
    expect(lines(shifted)).toEqual(told('192.168.1.2', '10.0.0.1'));
  });

  it('gives up a gap when more is held than it is worth, and goes on', () => {
    const hole = conversation.slice(0, 3);
    const kilo = new Uint8Array(40_000);
    for (let i = 0; i < 230; i++)
      hole.push({ from: 'client', seq: 1001 + 100 + i * kilo.length, data: kilo });
    const found = lines(hole).map((text) => text.slice(0, 40));
    expect(found[2]).toBe('212 client sent 0+100 null');
    expect(found).toHaveLength(3 + 230);
  });

  it('never fails on whatever bytes follow a good beginning', () => {
    const start = pcapng([], 101, true, 9);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, raw) => {
        const file = raw ? concat([start, bytes]) : pcapng([{ time: 0, bytes }], 1, false, null);
        expect(() => decode(file)).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });
});
