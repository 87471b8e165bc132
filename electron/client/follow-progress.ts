// The strategy `follow-progress` (draft-wright-http-progress): send the request once, and once the server has named
// a status document follow that to the end of the job, over breaks too. Never sends an unsafe request twice.

import { decide } from './resumable-request-decisions.ts';
import type { Strategy } from './strategy.ts';

export const followProgress: Strategy = { resumable: false, decide };
