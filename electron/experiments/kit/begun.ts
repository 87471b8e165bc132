// What a session is told of a run that begins: enough to run it again as it was. A password is never written down.

import type { AboutRecord } from '../../../shared/capture/records.ts';
import type { CutSpec, ExperimentInfo } from '../../../shared/contract.ts';
import { formatCutSpec } from '../../../shared/export/specs.ts';
import { parseTarget } from '../../client/target.ts';

interface Begun {
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  /** An absolute http or https URL; null: the test server. */
  readonly target: string | null;
  /** The user's own; empty: the experiment's. `none`: not even those. */
  readonly cuts: readonly CutSpec[] | 'none';
}

export function begun(
  { id, title }: Pick<ExperimentInfo, 'id' | 'title'>,
  { parameters, target, cuts }: Begun,
): Omit<AboutRecord, 'kind' | 'time' | 'connection'> {
  return {
    experiment: id,
    title,
    parameters,
    ...(target === null ? {} : { target: parseTarget(target).href }),
    ...(cuts.length === 0 ? {} : { cuts: cuts === 'none' ? [cuts] : cuts.map(formatCutSpec) }),
  };
}
