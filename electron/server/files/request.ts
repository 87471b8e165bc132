// What all requests for file resources have in common: which resource it is, whether the client's conditions hold, and how
// an answer tells of its state.

import { type Decision, decideConditions } from '../../../shared/fields/conditions.ts';
import { writeHttpDate } from '../../../shared/fields/http-date.ts';
import type { FieldLines } from '../../../shared/http1/writer.ts';
import { ServerError } from '../errors.ts';
import type { Exchange } from '../http/exchange.ts';
import { PLAIN_TEXT, refuse, refuseStorage, text } from '../http/refuse.ts';
import type { ServerCore } from '../router.ts';
import type { FileResource } from './resource.ts';
import type { Transaction } from './transaction.ts';
import type { Refusal } from './writing.ts';

/** Longest media type that is kept. */
const LONGEST_TYPE = 256;
export const RETRY: FieldLines = [['Retry-After', '1']];

/** The resource of a request, until the exchange is over. Null: it was refused, since the disk does not answer. */
export function enterTarget(exchange: Exchange, core: ServerCore, name: string): FileResource | null {
  const { files } = core;
  try {
    const resource = files.enter(name);
    exchange.whenOver(() => files.leave(resource));
    return resource;
  } catch (error) {
    refuseError(exchange, error);
    return null;
  }
}

/** The same, when no commit about it is under way any more. */
export function withTarget(
  exchange: Exchange,
  core: ServerCore,
  name: string,
  answer: (resource: FileResource) => void,
): void {
  const resource = enterTarget(exchange, core, name);
  if (resource === null) return;
  core.files.whenStill(resource, () => {
    if (resource.failure === null) answered(exchange, () => answer(resource));
    else refuseStorage(exchange, resource.failure);
  });
}

/** The same, for a request that makes an end of what was there, whether it can be relied on or not. */
export function withAnyTarget(
  exchange: Exchange,
  core: ServerCore,
  name: string,
  answer: (resource: FileResource) => void,
): void {
  const resource = enterTarget(exchange, core, name);
  if (resource === null) return;
  core.files.whenStill(resource, () => answered(exchange, () => answer(resource)));
}

function answered(exchange: Exchange, answer: () => void): void {
  try {
    answer();
  } catch (error) {
    refuseError(exchange, error);
  }
}

/** RFC 9110 §13. @throws ServerError if the state cannot be written down: then it cannot be told either */
export function conditionsOf(exchange: Exchange, resource: FileResource): Decision {
  const exists = resource.state.kind === 'complete' || resource.state.kind === 'incomplete';
  if (exists) resource.settle();
  const known = exists && resource.failure === null;
  return decideConditions(exchange, {
    exists,
    etag: known ? resource.etag : null,
    lastModified: known ? resource.modified : null,
  });
}

/** Why a request that changes something may not; null: it may. @throws as {@link conditionsOf} */
export function forbidden(exchange: Exchange, resource: FileResource): Refusal | null {
  const decision = conditionsOf(exchange, resource);
  switch (decision.kind) {
    case 'failed':
      return {
        status: 412,
        sentence: `The resource is not as ${decision.field} wants it: look at it again before you change it.`,
        fields: stateFields(resource),
      };
    case 'invalid':
      return {
        status: 400,
        sentence: `${decision.field} cannot be read: ${decision.fault.message} (character ${decision.fault.at + 1})`,
      };
    case 'proceed':
    case 'not-modified':
      return null;
  }
}

/** Why what the request says of its content cannot be kept; null: it can. */
export function unkept(exchange: Exchange): Refusal | null {
  return unkeptForm(exchange.field('Content-Type') ?? '', exchange.field('Content-Encoding') ?? '');
}

/** The same for what a request or a part says of its media type and its content codings; '' where it does not. */
export function unkeptForm(type: string, coding: string): Refusal | null {
  if (!['', 'identity'].includes(coding.trim().toLowerCase())) {
    return {
      status: 415,
      sentence: `Content is stored as it is here: send it without ${coding}.`,
      // RFC 9110 §15.5.16
      fields: [['Accept-Encoding', 'identity']],
    };
  }
  if (type.length <= LONGEST_TYPE) return null;
  return { status: 400, sentence: `A media type may have ${LONGEST_TYPE} characters here.` };
}

/** Validators, and, of what is not complete, the range that can be read. */
export function stateFields(resource: FileResource): FieldLines {
  const { state, have, length, failure } = resource;
  if (failure !== null || (state.kind !== 'complete' && state.kind !== 'incomplete')) return [];
  return [
    ['ETag', resource.etag],
    ['Last-Modified', writeHttpDate(resource.modified)],
    ...(state.kind === 'incomplete' && have > 0
      ? [['Content-Range', `bytes 0-${have - 1}/${length ?? '*'}`] as const]
      : []),
  ];
}

/** The answer to a request that has changed a resource. @param created there was no complete one before */
export function answerChanged(
  exchange: Exchange,
  core: ServerCore,
  resource: FileResource,
  { created, applied }: { readonly created: boolean; readonly applied: Transaction['applied'] },
): void {
  const { state, have, length } = resource;
  const fields = [...stateFields(resource), ...applied, PLAIN_TEXT];
  if (state.kind === 'incomplete') {
    void exchange.final({
      status: core.incompleteStatus,
      reason: 'Incomplete Content',
      fields,
      content: text(`${have}/${length ?? '*'} bytes`),
    });
    return;
  }
  void exchange.final({ status: created ? 201 : 200, fields, content: text(`${have} bytes`) });
}

export function refuseWith(exchange: Exchange, { status, sentence, fields }: Refusal): void {
  refuse(exchange, status, sentence, fields ?? []);
}

/** A failure of the disk is an answer; any other is none of ours. */
export function refuseError(exchange: Exchange, error: unknown): void {
  if (!(error instanceof ServerError)) throw error;
  refuseStorage(exchange, error);
}
