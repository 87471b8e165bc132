// What an interface is told of two sessions side by side: the facts of both exchanges of a row, small enough to travel, and
// how they differ. The schema is the contract's; content itself never travels with it.

import { z } from 'zod';
import type { ComparedRow } from './compare.ts';
import { DIFFERENCE_KINDS } from './differences.ts';
import type { ExchangeFacts, MessageFacts } from './facts.ts';

/** Interim responses that are named one by one, field lines and characters of a value that are shown. */
const INTERIM = 12;
const FIELDS = 100;
const CHARACTERS = 1_000;

const message = z.strictObject({
  /** Null: the head was counted, not kept. */
  fields: z.array(z.tuple([z.string(), z.string()])).nullable(),
  length: z.number(),
  /** SHA-256, hex; null: not all of it was kept. */
  digest: z.string().nullable(),
  whole: z.boolean(),
});

const side = z.strictObject({
  id: z.int().nonnegative(),
  connection: z.int().positive(),
  method: z.string(),
  target: z.string(),
  status: z.int().nullable(),
  reason: z.string(),
  /** The first ones. */
  interim: z.array(z.int()),
  interimCount: z.int().nonnegative(),
  /** Nanoseconds; null: it never ended. */
  took: z.number().nullable(),
  request: message,
  response: message.nullable(),
});
export type ComparedSide = z.infer<typeof side>;
export type ComparedMessage = z.infer<typeof message>;

const difference = z.strictObject({
  kind: z.enum(DIFFERENCE_KINDS),
  level: z.enum(['differs', 'information']),
  name: z.string().exactOptional(),
  one: z.string().nullable(),
  other: z.string().nullable(),
});

export const sidesRow = z.strictObject({
  one: side.nullable(),
  other: side.nullable(),
  differences: z.array(difference),
});
export type SidesRow = z.infer<typeof sidesRow>;

const listedSide = z.strictObject({
  id: z.int().nonnegative(),
  method: z.string(),
  target: z.string(),
  status: z.int().nullable(),
  /** The final response came whole. */
  whole: z.boolean(),
  /** The first interim responses. */
  interim: z.array(z.int()),
  interimCount: z.int().nonnegative(),
});
export type ListedSide = z.infer<typeof listedSide>;

/** A row as it stands in the list; the rest of it is asked for when it is looked at. */
const listedRow = z.strictObject({
  one: listedSide.nullable(),
  other: listedSide.nullable(),
  /** What differs, of that which counts: its kind, and of a field its name. */
  differs: z.array(z.strictObject({ kind: z.enum(DIFFERENCE_KINDS), name: z.string().exactOptional() })),
});
export type ListedRow = z.infer<typeof listedRow>;

export const comparison = z.strictObject({
  /** Names of both sessions. */
  one: z.string(),
  other: z.string(),
  rows: z.array(listedRow),
  /** Rows with a difference that counts. */
  differing: z.int().nonnegative(),
  /** Exchanges beyond the bound. */
  leftOut: z.int().nonnegative(),
  /** Of a session that was sent again, what did not happen as it had: one sentence each. */
  remarks: z.array(z.string()),
});
export type SidesComparison = z.infer<typeof comparison>;

/** Characters of a target in the list, and differences of a row that are named there. */
const LISTED_TARGET = 200;
const LISTED_DIFFERENCES = 12;

/** A row as it is listed. */
export function listedOf({ one, other, differences }: ComparedRow): ListedRow {
  return {
    one: one === null ? null : listedSideOf(one),
    other: other === null ? null : listedSideOf(other),
    differs: differences
      .filter(({ level }) => level === 'differs')
      .slice(0, LISTED_DIFFERENCES)
      .map(({ kind, name }) => ({ kind, ...(name === undefined ? {} : { name }) })),
  };
}

function listedSideOf({
  id,
  method,
  target,
  status,
  response,
  interim,
  interimCount,
}: ExchangeFacts): ListedSide {
  return {
    id,
    method,
    target: target.length <= LISTED_TARGET ? target : `${target.slice(0, LISTED_TARGET)}…`,
    status,
    whole: response?.content.whole ?? false,
    interim: interim.slice(0, INTERIM),
    interimCount,
  };
}

/** A row as it travels. */
export function sidesOf({ one, other, differences }: ComparedRow): SidesRow {
  return {
    one: one === null ? null : sideOf(one),
    other: other === null ? null : sideOf(other),
    differences: differences.map((found) => ({
      ...found,
      one: found.one === null ? null : brief(found.one),
      other: found.other === null ? null : brief(found.other),
    })),
  };
}

function sideOf(facts: ExchangeFacts): ComparedSide {
  const { id, connection, method, target, status, reason, interim, interimCount, took } = facts;
  return {
    id,
    connection,
    method,
    target: brief(target),
    status,
    reason,
    interim: interim.slice(0, INTERIM),
    interimCount,
    took,
    request: messageOf(facts.request),
    response: facts.response === null ? null : messageOf(facts.response),
  };
}

function messageOf({ fields, content }: MessageFacts): ComparedMessage {
  const { length, digest, whole } = content;
  return {
    fields: fields?.slice(0, FIELDS).map(([name, value]) => [name, brief(value)]) ?? null,
    length,
    digest,
    whole,
  };
}

function brief(text: string): string {
  return text.length <= CHARACTERS ? text : `${text.slice(0, CHARACTERS)}…`;
}
