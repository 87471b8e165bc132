// A byte-range PATCH as experiments send it: laid out by its media type, and repeated until it is answered.
// The same bytes at the same places, whatever was cut.

import { layoutPatch, type PartToWrite, type PatchForm } from '../../../shared/byteranges/patch-layout.ts';
import type { FieldLines } from '../../../shared/http1/writer.ts';
import { type ContentSource, layoutContent } from '../../client/content.ts';
import type { OperationResult } from '../../client/strategy.ts';
import { ask } from './requests.ts';
import type { ExperimentContext } from './types.ts';

/** A byte-range PATCH of `source` to a resource: the same bytes at the same places, so that it may be repeated. */
export function patch(
  context: ExperimentContext,
  url: string,
  form: PatchForm,
  parts: readonly PartToWrite[],
  source: ContentSource,
  options: { readonly contentOffset?: boolean; readonly fields?: FieldLines } = {},
): Promise<OperationResult> {
  const layout = layoutPatch(form, parts, {
    boundary: boundaryOf(context),
    ...(options.contentOffset === true ? { contentOffset: true } : {}),
  });
  return ask(context, 'PATCH', url, {
    fields: [['Content-Type', layout.contentType], ...(options.fields ?? [])],
    content: layoutContent(layout, source),
  });
}

/** A boundary that no content of an experiment holds. */
function boundaryOf(context: ExperimentContext): string {
  return `interim-${Math.floor(context.random() * 2 ** 32).toString(36)}-boundary`;
}
