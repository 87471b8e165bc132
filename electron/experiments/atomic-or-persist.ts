// The experiment `atomic-or-persist`: the same cut, once with every byte kept, once with all or nothing.
// What is there after the second cut is looked up before anything else is sent.

import type { Check } from '../../shared/contract.ts';
import {
  bytesContent,
  contentDigest,
  layoutContent,
  linesContent,
  randomContent,
} from '../client/content.ts';
import { runStrategy } from '../client/run-strategy.ts';
import type { OperationResult } from '../client/strategy.ts';
import { layoutPatch } from '../../shared/byteranges/patch-layout.ts';
import { counted } from '../../shared/counted.ts';
import { check, digestCheck, faults, resumes } from './kit/checks.ts';
import { CUT, PATIENCE, sizeOf } from './kit/parameters.ts';
import { ask, inOrder, ownCut, patienceOf, resourceDigest, resourceOf, resultOf } from './kit/requests.ts';
import type { Experiment, ExperimentContext } from './kit/types.ts';

export const atomicOrPersist: Experiment = {
  info: {
    id: 'atomic-or-persist',
    title: 'All, nothing or every byte',
    group: 'byte ranges',
    teaches:
      'What becomes of half a request? Prefer: transaction=persist asks to keep every byte as it arrives: the PUT is cut ' +
      'at half, HEAD tells the half that is there, and the client goes on from it. Prefer: transaction=atomic asks for all ' +
      'or nothing: the same cut, and the document is as it was before the PATCH. Preference-Applied, in a 103, says which ' +
      'one the server honours.',
    sources: [
      'draft-ietf-httpapi-patch-byterange (Preserving Incomplete Uploads)',
      'RFC 7240 §3 (Preference-Applied)',
      'RFC 8297 (103)',
    ],
    // One byte has no half to go on from.
    parameters: [{ ...sizeOf(200_000), minimum: 2 }, CUT, PATIENCE],
    cuts: [
      {
        label: 'Only the first one, at its last byte',
        specs: [{ end: 'server', direction: 'in', at: 199_999, content: true, cut: 'rst' }],
      },
    ],
  },

  ownCuts: (context) => {
    const half = Math.floor(Number(context.parameters['size']) / 2);
    // The second one lies before the byte at which the first request goes on: it strikes the atomic PATCH.
    return [ownCut(context, 'request', half), ownCut(context, 'request', Math.max(0, half - 1))];
  },

  async run(context) {
    const { parameters } = context;
    const size = Number(parameters['size']);
    const observed: Check[] = [];
    const atomic = resourceOf(context);
    const persist = `${atomic}-persist`;
    const before = bytesContent(await linesContent(Math.min(size, 10)).read(0, Math.min(size, 10)));
    const after = randomContent(size, 1);
    const uploaded = linesContent(size);
    const last = await inOrder(
      () =>
        runStrategy(
          'put-then-patch',
          { method: 'PUT', url: persist, fields: [['Content-Type', 'text/plain']], content: uploaded },
          { patience: patienceOf(context), transaction: 'persist' },
          context,
        ),
      () => ask(context, 'PUT', atomic, { fields: [['Content-Type', 'text/plain']], content: before }),
      async () => {
        const tried = await overwriteOnce(context, atomic, after);
        observed.push(await unchanged(context, atomic, tried, before, after));
        return tried.outcome === 'completed' ? tried : ask(context, 'PATCH', atomic, patchOf(after));
      },
    );
    if (last.outcome === 'completed') {
      const kept = await resourceDigest(context, atomic);
      const wanted = await contentDigest(after, context.signal);
      observed.push(
        check('applied', kept === wanted, 'The atomic PATCH, sent again, was applied as a whole.'),
      );
    }
    return { result: await resultOf(context, last, persist, uploaded), observed };
  },

  expect(model, result, context) {
    const strict = context.cuts === null && context.target === null && !faults(model).byHand;
    const resumed = resumes(model);
    return [
      check(
        'kept',
        resumed === 1,
        `${counted(resumed, 'resume')}: the upload that was persisted was to go on from its half.`,
        strict ? 'error' : 'info',
      ),
      digestCheck(result),
    ];
  },
};

function patchOf(content: ReturnType<typeof randomContent>) {
  const layout = layoutPatch('message', [
    { range: { first: 0, last: content.length - 1, complete: content.length }, from: 0, to: content.length },
  ]);
  return {
    fields: [
      ['Content-Type', layout.contentType],
      ['Prefer', 'transaction=atomic'],
    ] as const,
    content: layoutContent(layout, content),
  };
}

/** The atomic PATCH, sent once: what a break leaves behind is the question. */
function overwriteOnce(
  context: ExperimentContext,
  url: string,
  content: ReturnType<typeof randomContent>,
): Promise<OperationResult> {
  const { fields, content: layout } = patchOf(content);
  return runStrategy(
    'plain',
    { method: 'PATCH', url, fields, content: layout },
    { patience: patienceOf(context) },
    context,
  );
}

/** All of it or nothing: nothing where it was cut before it was whole, all where only the answer was lost. */
async function unchanged(
  context: ExperimentContext,
  url: string,
  { outcome }: OperationResult,
  before: ReturnType<typeof bytesContent>,
  after: ReturnType<typeof randomContent>,
): Promise<Check> {
  const kept = await resourceDigest(context, url);
  const isBefore = kept === (await contentDigest(before, context.signal));
  const isAfter = kept === (await contentDigest(after, context.signal));
  const met = outcome === 'completed' ? isAfter : isBefore || isAfter;
  return check(
    'atomic',
    met,
    isBefore
      ? 'The atomic PATCH was cut, and the document is exactly as it was.'
      : isAfter
        ? 'The atomic PATCH was applied as a whole.'
        : 'The atomic PATCH was cut, and left something of itself behind.',
  );
}
