// What the live region says of new events: a cut, a resume, an end. Pure.

import { Kind, OperationState, unpackFault } from '../../shared/model/events.ts';
import type { Model } from '../../shared/model/model.ts';

/** The newest thing worth saying among the rows from `from` on; null for nothing. */
export function announcement(model: Model, from: number): string | null {
  const { columns, length } = model.events;
  for (let row = length - 1; row >= from; row--) {
    const kind = columns.kind[row]!;
    if (kind === Kind.operationState) {
      const title = model.operations[columns.a[row]!]?.title ?? '';
      if (columns.code[row] === OperationState.resumed) return `Resumed: ${title}`;
      if (columns.code[row] === OperationState.completed) return `Done: ${title}`;
      if (columns.code[row] === OperationState.failed) return `Failed: ${title}`;
    } else if (kind === Kind.fault) {
      const { action } = unpackFault(columns.code[row]!);
      if (action === 'cut') return `Connection ${columns.connection[row]!} was cut.`;
      if (action === 'stall') return `Connection ${columns.connection[row]!} was stalled.`;
    }
  }
  return null;
}
