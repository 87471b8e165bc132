// Parameters that experiments share.

import type { Parameter } from '../../shared/contract.ts';

export const PATIENCE: Parameter = {
  name: 'patience',
  title: 'Patience',
  help: 'Milliseconds without a byte after which the client takes the server for dead.',
  type: 'number',
  default: 5_000,
  minimum: 100,
  maximum: 600_000,
};
