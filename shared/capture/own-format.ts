// What makes a pcapng file a session of ours: names, flags and the JSON in custom blocks, for writer and reader alike.
//
// Every record is one packet or a few, so that the packets alone tell the story (the custom blocks only add to it):
//
//   opened      the first end: SYN, SYN-ACK, ACK on the interface of that end. The other end: an ACK of its own that
//               acknowledges nothing new, on the interface of both.
//   sent        data from its writer. PSH marks the last packet of a record.
//   received    both ends are ours: an ACK of the reader. Else: data of the peer on the reader's interface.
//   discarded   the same with the traffic class Lower Effort (RFC 8622).
//   ended       out: FIN of that end. in: an ACK that covers the peer's FIN; else the FIN on the reader's interface.
//   closed      fin: FIN and PSH, or, when the FIN is out already, an ACK that acknowledges nothing new.
//               Anything else: RST. Its sequence number tells what was truly sent.
//   fault, step, about, remark, and how and by whom an end was closed: JSON in a custom block.

import { z } from 'zod';
import type { AboutRecord, FaultRecord, RemarkRecord, StepRecord } from './records.ts';
import { remarkFault } from './remark.ts';

/** Block types of pcapng (draft-ietf-opsawg-pcapng §4). */
export const Block = {
  section: 0x0a0d0d0a,
  interface: 1,
  simplePacket: 3,
  packet: 6,
  custom: 0x0bad,
} as const;

export const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

/** Option codes that we write or read. */
export const Option = {
  end: 0,
  comment: 1,
  name: 2,
  description: 3,
  application: 4,
  resolution: 9,
  offset: 14,
} as const;

/**
 * Private enterprise number of the custom blocks. 32473 is set aside for documentation (RFC 5612): we own none, and
 * must not use another's. The JSON says itself that it is ours.
 */
export const ENTERPRISE = 32473;

/** LINKTYPE_RAW: packets begin with their IP header. */
export const LINKTYPE_RAW = 101;

/** Interfaces in the order of their numbers: where a packet was seen. */
export const INTERFACES = [
  { name: 'interim-both', description: 'Both ends are in this session' },
  { name: 'interim-client', description: 'Seen at the client end' },
  { name: 'interim-server', description: 'Seen at the server end' },
  { name: 'interim-relay', description: 'Seen at a relay between the two' },
] as const;

export const Interface = { both: 0, client: 1, server: 2 } as const;

/** TCP flags (RFC 9293 §3.1). */
export const Flag = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16 } as const;

/** Traffic class of the Lower-Effort behaviour (RFC 8622): bytes that were read and thrown away. */
export const LOWER_EFFORT = 0x04;

/** Longest data of one packet: an IPv4 packet of 65,535 bytes less its headers. */
export const MAXIMUM_DATA = 65_495;

/** How the comment of the section header tells when the session began. */
export function beganComment(startedAt: bigint): string {
  const seconds = startedAt / 1_000_000_000n;
  const date = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return `Session began at ${date}.${(startedAt % 1_000_000_000n).toString().padStart(9, '0')}Z`;
}

/** Reads {@link beganComment} again; null where it is another comment. */
export function readBegan(comment: string): bigint | null {
  const found = /^Session began at (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{9})Z$/m.exec(comment);
  if (found === null) return null;
  const milliseconds = Date.parse(`${found[1]}Z`);
  return Number.isNaN(milliseconds) ? null : BigInt(milliseconds) * 1_000_000n + BigInt(found[2]!);
}

const end = z.enum(['client', 'server']);
const count = z.int().nonnegative();
const at = { time: count, connection: count };

const closedDetails = z.object({
  kind: z.literal('closed'),
  connection: count,
  end,
  how: z.enum(['fin', 'rst', 'silence', 'error']),
  by: z.enum(['client', 'server', 'fault']),
  sent: count,
  received: count,
  error: z.string().exactOptional(),
});

/** What the closing packet of an end cannot tell; it stands before that packet. */
export type ClosedDetails = z.infer<typeof closedDetails>;

const fault = z.object({
  ...at,
  kind: z.literal('fault'),
  end,
  direction: z.enum(['out', 'in']),
  action: z.enum(['cut', 'stall', 'resume', 'throttle', 'delay', 'fragment', 'corrupt']),
  cut: z.enum(['rst', 'fin', 'stall']).exactOptional(),
  origin: z.enum(['user', 'plan', 'server']),
  at: count,
  content: count.exactOptional(),
  amount: z.number().nonnegative().exactOptional(),
}) satisfies z.ZodType<FaultRecord>;

const step = z.object({
  ...at,
  kind: z.literal('step'),
  step: z.enum([
    'begin',
    'secure',
    'connect',
    'send',
    'await-continue',
    'learn-locations',
    'cut-noticed',
    'silence-noticed',
    'ask-offset',
    'offset-learned',
    'resume',
    'retry',
    'fetch-response',
    'follow-status',
    'acknowledge',
    'complete',
    'refused',
    'give-up',
  ]),
  why: z.string(),
}) satisfies z.ZodType<StepRecord>;

const digest = z.string().nullable();

const about = z.object({
  ...at,
  kind: z.literal('about'),
  experiment: z.string().exactOptional(),
  title: z.string().exactOptional(),
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).exactOptional(),
  target: z.string().exactOptional(),
  cuts: z.array(z.string()).exactOptional(),
  outcome: z.enum(['completed', 'failed', 'refused']).exactOptional(),
  reason: z.string().exactOptional(),
  digest: z.object({ sent: digest, stored: digest }).exactOptional(),
  checks: z
    .array(
      z.object({
        id: z.string(),
        level: z.enum(['pass', 'info', 'warning', 'error']),
        message: z.string(),
      }),
    )
    .exactOptional(),
  tables: z
    .array(
      z.object({
        title: z.string(),
        columns: z.array(z.string()),
        rows: z.array(z.array(z.string())),
        note: z.string().exactOptional(),
      }),
    )
    .exactOptional(),
}) satisfies z.ZodType<AboutRecord>;

const remark = z.object({
  ...at,
  kind: z.literal('remark'),
  id: z.int().positive(),
  beside: z.object({ event: z.string().max(40), time: count, position: count.exactOptional() }),
  text: z.string().refine((text) => remarkFault(text) === null),
}) satisfies z.ZodType<RemarkRecord>;

const custom = z.object({
  /** Version of this vocabulary. */
  interim: z.literal(1),
  record: z.discriminatedUnion('kind', [closedDetails, fault, step, about, remark]),
});
export type CustomRecord = ClosedDetails | FaultRecord | StepRecord | AboutRecord | RemarkRecord;

export function writeCustom(record: CustomRecord): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ interim: 1, record }));
}

/** The record in a custom block; null where it is not ours, or of a later version. */
export function readCustom(bytes: Uint8Array): CustomRecord | null {
  try {
    const read = custom.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
    return read.success ? read.data.record : null;
  } catch {
    // No JSON: another program's block under the number for documentation.
    return null;
  }
}
