// What sending a session again will do, before it is done: how much goes where, with which faults, and what is left out.
// Pure; counts only what a plan has.

import { z } from 'zod';
import { counted } from '../counted.ts';
import type { Model } from '../model/model.ts';
import type { ReplayPlan } from './plan.ts';

/** Servers that are told apart. */
const MOST_SERVERS = 20;

export const replayPreview = z.strictObject({
  requests: z.int().nonnegative(),
  connections: z.int().nonnegative(),
  /** Bytes of the request streams. */
  bytes: z.int().nonnegative(),
  /** Where they went, the one with most connections first; the first 20. */
  servers: z.array(
    z.strictObject({
      /** Address and port. */
      authority: z.string(),
      secure: z.boolean(),
      /** It was the test server, which is asked wherever it listens now. */
      embedded: z.boolean(),
      connections: z.int().positive(),
    }),
  ),
  cuts: z.int().nonnegative(),
  disturbances: z.int().nonnegative(),
  /** It was recorded by another program: it goes only where the user says. */
  needsTarget: z.boolean(),
  /** What is not sent again or comes out otherwise, one sentence each. */
  leftOut: z.array(z.string()),
  /** Why nothing can be sent, in a sentence; null: it can. */
  refusal: z.string().nullable(),
});
export type ReplayPreview = z.infer<typeof replayPreview>;

/** The preview of a plan. The model must be of the same session, and folded. */
export function previewOf(
  { connections, steps }: ReplayPlan,
  model: Model,
  needsTarget: boolean,
): ReplayPreview {
  const servers = new Map<string, ReplayPreview['servers'][number]>();
  for (const { server, secure, embedded } of connections) {
    const { address, port } = server;
    const authority = `${address.includes(':') ? `[${address}]` : address}:${port}`;
    const key = embedded ? 'embedded' : authority;
    const before = servers.get(key)?.connections ?? 0;
    servers.set(key, { authority, secure, embedded, connections: before + 1 });
  }
  const sent = steps.filter((step) => step.kind === 'send');
  const requests = sent.filter(({ exchange }) => exchange !== null).length;
  const disturbances = connections.flatMap((connection) => connection.disturbances);
  return {
    requests,
    connections: connections.length,
    bytes: sent.reduce((sum, { from, to }) => sum + to - from, 0),
    servers: [...servers.values()].sort((x, y) => y.connections - x.connections).slice(0, MOST_SERVERS),
    cuts: connections.reduce((sum, { faults }) => sum + faults.length, 0),
    disturbances: disturbances.filter(({ amount }) => amount > 0).length,
    needsTarget,
    leftOut: leftOutOf(connections.length, sent, model),
    refusal: null,
  };
}

function leftOutOf(
  planned: number,
  sent: readonly { readonly exchange: number | null }[],
  model: Model,
): string[] {
  const found: string[] = [];
  const silent = model.connections.length - planned;
  if (silent > 0)
    found.push(`${counted(silent, 'connection')} on which no client sent anything: not opened again.`);
  const cut = sent.filter(
    ({ exchange }) => exchange !== null && model.exchanges[exchange]?.requestComplete === false,
  ).length;
  if (cut > 0)
    found.push(
      `${counted(cut, 'request')} that ${cut === 1 ? 'was' : 'were'} cut short: sent as far as it went, since the rest was never recorded.`,
    );
  if (sent.some(({ exchange }) => exchange === null))
    found.push('Bytes that are no request, or follow a switch of protocols: sent as they were.');
  return found;
}

/** A preview of what cannot be sent at all. */
export function refusedPreview(refusal: string): ReplayPreview {
  return {
    requests: 0,
    connections: 0,
    bytes: 0,
    servers: [],
    cuts: 0,
    disturbances: 0,
    needsTarget: false,
    leftOut: [],
    refusal,
  };
}
